package io.pptpoperator.kubectl.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pptpoperator.kubectl.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code add-user} against an API server that says no. */
class AddUserCommandTest {

    private static final String CREATED = """
            {"apiVersion": "pptp-operator.io/v1alpha1", "kind": "VpnUser",
             "metadata": {"name": "bob", "namespace": "vpn", "uid": "1"}, "spec": {}}""";
    private static final String FOREIGN = """
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "bob-vpn", "namespace": "vpn", "uid": "2",
             "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "bob", "uid": "3"}]}}""";
    private static final String CONFLICT = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Conflict", "code": 409,
             "message": "the Secret is being deleted"}""";

    @TempDir
    private Path folder;
    private HttpServer apiServer;
    private boolean takesUsers = true;
    private boolean hasForeignSecret;

    @BeforeEach
    void start() throws IOException {
        apiServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        apiServer.createContext("/", this::answer);
        apiServer.start();
    }

    @AfterEach
    void stop() {
        apiServer.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean created = exchange.getRequestURI().getPath().endsWith("/vpnusers") && takesUsers;
        boolean found = hasForeignSecret && exchange.getRequestMethod().equals("GET")
                && exchange.getRequestURI().getPath().endsWith("/secrets/bob-vpn");
        byte[] body = (created ? CREATED : found ? FOREIGN : CONFLICT).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(created ? 201 : found ? 200 : 409, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private String errorOfAddUser() throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: test, user: {}}]
                contexts: [{name: test, context: {cluster: test, user: test, namespace: vpn}}]
                """.formatted(apiServer.getAddress().getPort()));
        var err = new StringWriter();
        int status = Main.commandLine().setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute("add-user", "bob", "--kubeconfig", kubeconfig.toString());
        assertThat(status).isNotZero();
        return err.toString();
    }

    @Test
    void aUserThatIsThereIsSaidToBe() throws IOException {
        takesUsers = false;

        assertThat(errorOfAddUser()).contains("there is a VpnUser bob already");
    }

    @Test
    void aSecretOfSomebodyElsesIsLeftAlone() throws IOException {
        hasForeignSecret = true;

        assertThat(errorOfAddUser()).contains("a Secret bob-vpn that is not its own, and was left as it is",
                "kubectl label secret -n vpn bob-vpn pptp-operator.io/password=true");
    }

    @Test
    void aSecretThatCannotBeWrittenIsNoUserThatIsThere() throws IOException {
        assertThat(errorOfAddUser()).doesNotContain("already").contains("VpnUser bob was created",
                "into the Secret bob-vpn: the Secret is being deleted", "kubectl pptp password bob --rotate");
    }
}
