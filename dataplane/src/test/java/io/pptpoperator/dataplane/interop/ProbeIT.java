package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.Namespace;
import io.pptpoperator.dataplane.interop.lab.PptpdServer;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probe, against our server and pptpd, with firewalls in its way. */
@InteropLab
final class ProbeIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lab lab;
    private final Namespace host;
    private final RunningServer server;

    ProbeIT(Lab lab) {
        this.lab = lab;
        host = lab.homeClient();
        server = lab.serve("probe", Configuration.SERVER, Configuration.USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private record Result(int status, JsonNode report) {

        String statusOf(String phase) {
            return StreamSupport.stream(report.get("phases").spliterator(), false)
                    .filter(one -> one.get("phase").textValue().equals(phase))
                    .findFirst()
                    .orElseThrow()
                    .get("status")
                    .textValue();
        }
    }

    private Result probe(String password, String address, String... options) {
        List<String> arguments = new ArrayList<>(List.of("probe", address, "--json"));
        arguments.addAll(List.of(options));
        try (var probe = ClientProgram.start(lab, host, password, arguments.toArray(String[]::new))) {
            int status = probe.awaitExit(Await.PATIENCE);
            return new Result(status, JSON.readTree(probe.output().text()));
        } catch (JsonProcessingException e) {
            throw new AssertionError("the report is no JSON", e);
        }
    }

    private void assertAllIsWell(Result result) {
        assertThat(result.report().get("phases")).as(result.report()::toPrettyString)
                .allMatch(phase -> phase.get("status").textValue().equals("ok"));
        assertThat(result.status()).isZero();
    }

    @Test
    void ourServerPassesEveryPhase() {
        assertAllIsWell(probe("secret-a", Lab.SERVER, "--user", "alice"));
    }

    @Test
    void pptpdPassesEveryPhase() {
        try (var pptpd = PptpdServer.start(lab.reference(), "alice * secret-a *",
                "require-mschap-v2\nrequire-mppe-128\nms-dns " + Lab.DNS)) {
            Result result = probe("secret-a", Lab.REFERENCE_SERVER, "--user", "alice");
            assertAllIsWell(result);
            assertThat(result.report().toString()).contains("linux");
            assertThat(pptpd).isNotNull();
        }
    }

    @Test
    void aStrangerLearnsHowFarTheServerLetsHim() {
        Result result = probe("", Lab.SERVER);
        assertThat(result.status()).isZero();
        assertThat(result.statusOf("lcp")).isEqualTo("ok");
        assertThat(result.statusOf("authentication")).isEqualTo("skipped");
    }

    @Test
    void aWrongPasswordIsNamed() {
        Result result = probe("wrong", Lab.SERVER, "--user", "alice");
        assertThat(result.status()).isEqualTo(17);
        assertThat(result.report().get("failed").textValue()).isEqualTo("authentication");
        assertThat(result.report().toString()).contains("691");
    }

    @Test
    void aClosedPortIsNamed() {
        Result result = probe("secret-a", Lab.SERVER, "--user", "alice", "--port", "1724");
        assertThat(result.status()).isEqualTo(11);
    }

    @Test
    void aServerThatRequiresEncryptionIsNamed() {
        Result result = probe("secret-a", Lab.SERVER, "--user", "alice", "--encryption", "off");
        assertThat(result.status()).isEqualTo(18);
        assertThat(result.report().toString()).contains("741");
    }

    @ParameterizedTest
    @CsvSource({"14, ip saddr 198.18.1.0/24 ip protocol gre drop", "15, ip saddr 198.51.100.1 ip protocol gre drop",
            "14, ip saddr 198.18.1.0/24 ip protocol gre reject with icmp type admin-prohibited"})
    void aRouterThatDropsGreIsNamed(int status, String rule) {
        Namespace router = lab.natHost();
        // Before connection tracking: the first packet of a call, dropped after it, takes the PPTP helper's
        // expectations for both ways along, and then the other end's packets find no way through the NAT either.
        router.must("nft", "add table ip block; add chain ip block first { type filter hook prerouting priority raw; };"
                + " add rule ip block first " + rule);
        try {
            Result result = probe("secret-a", Lab.SERVER, "--user", "alice");
            assertThat(result.status()).as(result.report()::toPrettyString).isEqualTo(status);
        } finally {
            router.must("nft", "delete", "table", "ip", "block");
        }
    }

    @Test
    void aSmallPathMtuIsFound() {
        Namespace router = lab.natHost();
        router.must("nft", "add table ip block; add chain ip block forward { type filter hook forward priority -10; };"
                + " add rule ip block forward ip saddr 198.18.1.0/24 ip protocol gre meta length > 1300 drop");
        try {
            Result result = probe("secret-a", Lab.SERVER, "--user", "alice");
            assertThat(result.status()).isZero();
            assertThat(result.statusOf("path-mtu")).isEqualTo("warning");
        } finally {
            router.must("nft", "delete", "table", "ip", "block");
        }
    }
}
