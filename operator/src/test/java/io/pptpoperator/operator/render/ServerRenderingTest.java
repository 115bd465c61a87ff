package io.pptpoperator.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.cluster.SchemaValues;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerRenderingTest {

    private static final String SMALLEST = "localIP: 10.8.0.1, pools: [10.8.0.2-254]";

    @Test
    void theSmallestServerHasTheDataPlanesOwnDefaults() {
        ServerConfig config = render(SMALLEST).config();

        ServerConfig defaults = ServerConfig.withDefaults(Ipv4Address.parse("10.8.0.1"), List.of("10.8.0.2-254"));
        assertThat(config).usingRecursiveComparison().ignoringFields("name", "log.format").isEqualTo(defaults);
        assertThat(config.name()).isEqualTo("office");
        assertThat(config.log().format()).isEqualTo(ServerConfig.Log.Format.JSON);
    }

    @Test
    void everySettingArrives() {
        ServerConfig config = render(
                """
                        localIP: 10.8.0.1, pools: [10.8.0.2-254], exclude: [10.8.0.9], dns: [1.1.1.1], useClusterDNS: true,
                        wins: [10.0.0.5], mtu: 1300, mss: "Off", fragmentOversized: false, isolateClients: false,
                        allowedDestinations: [10.0.0.0/8], workers: 3, packetSockets: Always, xdpSockets: Auto, realtimePriority: Auto, drainTimeout: 2m,
                        authentication: {methods: [PAP, MSCHAPv1, CHAP-MD5, MSCHAPv2], retries: 5, timeout: 10s},
                        encryption: {policy: Preferred, keyLengths: [40, 128], allowStateful: true},
                        nat: {enabled: false, uplink: eth1, excludedDestinations: [192.168.0.0/16]},
                        keepalive: {interval: 5s, failures: 2, controlInterval: 30s}, reordering: {packets: 8, delay: 10ms},
                        limits: {maxSessions: 5, pendingConnections: 6, connectionsPerSource: 7, connectionsPerSecond: 8},
                        sessionPolicy: {perUser: 3, whenExceeded: Deny, idleTimeout: 1h, maxDuration: 8h},
                        log: {level: Debug, format: Text, debugPeers: [203.0.113.9]}""")
                .config();

        assertThat(config.network().dns()).map(Ipv4Address::toString).containsExactly("10.96.0.10", "1.1.1.1");
        assertThat(config.network().mtu()).hasValue(1300);
        assertThat(config.network().mss()).hasValue(0);
        assertThat(config.network().isolateClients()).isFalse();
        assertThat(config.network().nat().uplink()).contains("eth1");
        assertThat(config.authentication().methods()).containsExactlyElementsOf(AuthMethod.ofPasswords());
        assertThat(config.encryption().keyLengths()).containsExactly(128, 40);
        assertThat(config.keepalive())
                .isEqualTo(new ServerConfig.Keepalive(Duration.ofSeconds(5), 2, Duration.ofSeconds(30)));
        assertThat(config.reordering()).isEqualTo(new ServerConfig.Reordering(8, Duration.ofMillis(10)));
        assertThat(config.limits()).isEqualTo(new ServerConfig.Limits(5, 6, 7, 8));
        assertThat(config.sessionPolicy()).isEqualTo(new ServerConfig.SessionPolicy(3,
                ServerConfig.SessionPolicy.WhenExceeded.DENY, Duration.ofHours(1), Duration.ofHours(8)));
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.log().level()).isEqualTo(ServerConfig.Log.Level.DEBUG);
        assertThat(config.datapath().workers()).isEqualTo(3);
        assertThat(config.datapath().packetSockets()).isEqualTo(ServerConfig.Datapath.PacketSockets.ALWAYS);
        assertThat(config.datapath().xdpSockets()).isEqualTo(ServerConfig.Datapath.XdpSockets.AUTO);
        assertThat(config.datapath().realtimePriority()).isEqualTo(ServerConfig.Datapath.RealtimePriority.AUTO);
    }

    /** What a spec leaves to the release is what the reference says of this one. */
    @Test
    void descriptionsSayWhatThisReleaseJudgesBest() {
        ServerConfig config = render(SMALLEST).config();

        assertThat(render(SMALLEST + ", " + judgements()).config()).isEqualTo(config);
    }

    /** The values that the fields' descriptions give, as a spec. */
    private static String judgements() {
        var judgements = new ArrayList<String>();
        SchemaValues.spec(PptpServer.class).path("properties").properties().forEach(field -> {
            judgement(field.getKey(), field.getValue()).ifPresent(judgements::add);
            var nested = new ArrayList<String>();
            field.getValue()
                    .path("properties")
                    .properties()
                    .forEach(inner -> judgement(inner.getKey(), inner.getValue()).ifPresent(nested::add));
            if (!nested.isEmpty()) {
                judgements.add(field.getKey() + ": {" + String.join(", ", nested) + "}");
            }
        });
        assertThat(judgements).hasSize(10);
        return String.join(", ", judgements);
    }

    private static Optional<String> judgement(String name, JsonNode field) {
        Matcher value = Pattern.compile("as the release judges best: (\\w+) in this one")
                .matcher(field.path("description").asText());
        return value.find() ? Optional.of(name + ": " + value.group(1)) : Optional.empty();
    }

    @Test
    void aMembersFileHasItsShareOfThePoolsAndNoMore() {
        String file = render("localIP: 10.8.0.1, pools: [10.8.0.2-254], exclude: [10.8.0.9]")
                .withPools(AddressPool.parse("10.8.0.2-50,10.8.0.60"));

        assertThat(file).contains("- 10.8.0.2-10.8.0.50\n", "- 10.8.0.60\n")
                .doesNotContain("10.8.0.254", "10.8.0.9", "exclude");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dns: [1.1.1.1]                            | false
            pools: [10.8.0.2-9]                       | false
            encryption: {policy: Preferred}           | false
            sessionPolicy: {perUser: 2}               | false
            log: {level: Debug}                       | false
            drainTimeout: 1m                          | false
            users: {namespaces: [a]}                  | false
            localIP: 10.8.9.1                         | true
            nat: {enabled: false}                     | true
            nat: {uplink: eth1}                       | true
            log: {format: Text}                       | true
            workers: 2                                | true
            packetSockets: Never                      | true
            xdpSockets: Auto                          | true
            realtimePriority: Auto                    | true
            """)
    void onlyWhatCannotChangeLiveAsksForNewPods(String change, boolean restarts) {
        String changed = change.startsWith("pools")
                ? "localIP: 10.8.0.1, " + change
                : change.startsWith("localIP") ? "pools: [10.8.0.2-254], " + change : SMALLEST + ", " + change;

        assertThat(render(changed).restartDigest().equals(render(SMALLEST).restartDigest())).isNotEqualTo(restarts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    localIP: 10.8.0, pools: [10.8.0.2-254]                                  | localIP: '10.8.0' is not an IPv4
                    localIP: 10.8.0.1, pools: [10.8.0.0/24]                                 | pools: the pool contains localIP
                    localIP: 10.8.0.1, pools: [10.8.0.9-2]                                  | pools[0]:
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], dns: [me]                       | dns[0]: 'me' is not an IPv4 address
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], drainTimeout: soon              | drainTimeout: 'soon' is not a duration
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], authentication: {methods: [PAP]} | encryption.policy: encryption is required
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], exclude: [0.0.0.0/0]            | pools: no address is left
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], keepalive: {interval: 2h}       | keepalive.interval: 2h is out of bounds
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], mss: 100                        | mss: 100 is out of bounds
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], exposure: {network: lan}        | exposure.network: is needed with type
                    localIP: 10.8.0.1, pools: [10.8.0.2-9], workload: DaemonSet, exposure: {type: PodNetwork} | workload: DaemonSet
                    """)
    void whatNoDataPlaneCouldServeIsRefusedWithItsField(String spec, String problem) {
        assertThatThrownBy(() -> render(spec)).isInstanceOf(InvalidSpecException.class).hasMessageContaining(problem);
    }

    @Test
    void theClustersNameServerMustBeKnownToBeUsed() {
        var server = Manifests.server("office", SMALLEST + ", useClusterDNS: true");

        assertThatThrownBy(() -> ServerRendering.of(server, ServerConfig.Admin.DEFAULTS, Optional.empty()))
                .hasMessageContaining("useClusterDNS: the operator does not know the cluster's name server");
    }

    private static ServerRendering render(String spec) {
        return ServerRendering.of(Manifests.server("office", spec), ServerConfig.Admin.DEFAULTS,
                Optional.of(Ipv4Address.parse("10.96.0.10")));
    }
}
