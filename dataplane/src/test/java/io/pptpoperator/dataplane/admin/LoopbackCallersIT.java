package io.pptpoperator.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which users of this machine may do what on the administration port without TLS. */
class LoopbackCallersIT {

    private static final List<String> AS_NOBODY = List.of("setpriv", "--reuid", "65534", "--regid", "65534",
            "--clear-groups");

    private final FakeControl control = new FakeControl();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        Requirement.root();
        Requirement.programs("curl", "setpriv", "bash");
        server = AdminServer.start(new ServerConfig.Admin(Ipv4Address.parse("127.0.0.1"), 0, Optional.empty()), control,
                () -> "pptp_sessions 1.0\n");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private String status(List<String> as, String method, String path) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of("curl", "-sS", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}", "-X", method,
                "http://127.0.0.1:" + server.address().getPort() + path));
        return NetworkNamespace.output(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"GET, /healthz, 200", "GET, /readyz, 200", "GET, /metrics, 200", "GET, /sessions, 403",
            "GET, /logins, 403", "GET, /sending, 403", "DELETE, /sessions/17, 403", "DELETE, /sessions?user=alice, 403",
            "POST, /drain, 403", "PUT, /debug/203.0.113.7, 403", "GET, /nowhere, 403"})
    void anotherUserProbesAndReadsMetricsAndNothingElse(String method, String path, String status) throws Exception {
        assertThat(status(AS_NOBODY, method, path)).isEqualTo(status);
        assertThat(control.asked).isEmpty();
    }

    @Test
    void rootMayDoAll() throws Exception {
        assertThat(status(List.of(), "GET", "/sessions")).isEqualTo("200");
        assertThat(status(List.of(), "DELETE", "/sessions/17")).isEqualTo("204");
        assertThat(status(List.of(), "POST", "/drain")).isEqualTo("202");
        assertThat(control.asked).containsExactly("end 17", "drain");
    }

    /** Of a socket that nobody holds any more the kernel says that it is root's. */
    @Test
    void whoClosesTheConnectionBeforeTheAnswerIsStillNotRoot() throws Exception {
        String attack = "for i in {1..300}; do exec 3<>/dev/tcp/127.0.0.1/" + server.address().getPort()
                + "; printf 'DELETE /sessions/17 HTTP/1.1\\r\\n\\r\\n' >&3; exec 3>&-; done";
        List<String> command = new ArrayList<>(AS_NOBODY);
        command.addAll(List.of("bash", "-c", attack));
        NetworkNamespace.output(command.toArray(String[]::new));
        // Whoever comes afterwards is answered after them.
        assertThat(status(List.of(), "GET", "/sessions")).isEqualTo("200");
        assertThat(control.asked).isEmpty();
    }
}
