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
import java.util.stream.Stream;
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

    private String errorOfAddUser(String... more) throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: test, user: {}}]
                contexts: [{name: test, context: {cluster: test, user: test, namespace: vpn}}]
                """.formatted(apiServer.getAddress().getPort()));
        var err = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(Stream
                        .concat(Stream.of("add-user", "bob", "--kubeconfig", kubeconfig.toString()), Stream.of(more))
                        .toArray(String[]::new));
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
        assertThat(errorOfAddUser()).doesNotContain("already")
                .contains("VpnUser bob was created", "into the Secret bob-vpn: the Secret is being deleted",
                        "kubectl pptp password bob --rotate");
    }

    @Test
    void aTimeThatIsNoneIsRefusedWithOneThatWouldBe() throws IOException {
        assertThat(errorOfAddUser("--valid-until", "2031-01-01"))
                .contains("'2031-01-01' is not a time such as 2030-01-01T00:00:00Z",
                        "2031-01-01T23:59:59Z would be right")
                .doesNotContain("java.time");
        assertThat(errorOfAddUser("--valid-until", "2031-01-01T00:00:00+19:00"))
                .contains("'2031-01-01T00:00:00+19:00' is not a time such as");
    }
}
