package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveChangeTest {

    private static final String RUNNING = ConfigTexts.ALL_DEFAULTS;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pools: ["192.168.10.100-200"] | pools: ["10.8.0.0/24"]
            dns: []                       | dns: [1.1.1.1]
            mtu: auto                     | mtu: 1300
            clientToClient: false         | clientToClient: true
            methods: [mschapv2]           | methods: [mschapv2, pap]
            policy: required              | policy: off
            sessions: 10000               | sessions: 5
            level: info                   | level: debug
            timeout: 30s                  | timeout: 31s
            debugPeers: []                | debugPeers: [192.0.2.1]
            """)
    void whatCanChangeLiveChanges(String before, String after) {
        ServerConfig wanted = read(RUNNING.replace(before, after));
        assertThat(wanted).isNotEqualTo(read(RUNNING));
        LiveChange change = LiveChange.between(read(RUNNING), wanted);
        assertThat(change.refused()).isEmpty();
        assertThat(change.config()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: pptp                       | name: vpn                        | name
            address: 0.0.0.0                 | address: 192.0.2.1               | listen.address
            port: 1723                       | port: 1724                       | listen.port
            tun: pptpd0                      | tun: tun7                        | network.tun
            localAddress: 192.168.10.1       | localAddress: 192.168.10.2       | network.localAddress
            enabled: true                    | enabled: false                   | network.nat.enabled
            uplink: auto                     | uplink: eth0                     | network.nat.uplink
            excludeDestinations: []          | excludeDestinations: [10.0.0.0/8] | network.nat.excludeDestinations
            address: 127.0.0.1               | address: 127.0.0.2               | admin.address
            port: 9723                       | port: 9724                       | admin.port
            tls: null                        | tls: {certificate: a, key: b, clientCa: c} | admin.tls
            format: text                     | format: json                     | log.format
            workers: 0                       | workers: 3                       | datapath.workers
            offload: auto                    | offload: off                     | datapath.offload
            packetSocket: auto               | packetSocket: always             | datapath.packetSocket
            precedence: off                  | precedence: auto                 | datapath.precedence
            pinned: false                    | pinned: true                     | datapath.pinned
            """)
    void whatCannotChangeLiveStaysWhileTheRestChanges(String before, String after, String field) {
        ServerConfig wanted = read(RUNNING.replace(before, after).replace("retries: 2", "retries: 1"));
        LiveChange change = LiveChange.between(read(RUNNING), wanted);
        assertThat(change.refused()).extracting(FieldProblem::field).containsExactly(field);
        assertThat(change.refused().getFirst().message()).contains("until the server is restarted");
        assertThat(change.config()).isEqualTo(read(RUNNING.replace("retries: 2", "retries: 1")));
    }

    @Test
    void theMessageNamesBothValues() {
        LiveChange change = LiveChange.between(read(RUNNING), read(RUNNING.replace("pptpd0", "tun7")));
        assertThat(change.refused()).extracting(FieldProblem::toString)
                .containsExactly(
                        "network.tun: stays pptpd0 until the server is restarted; tun7 cannot be set while it runs");
    }

    @Test
    void everythingStaysWhenTheRestCannotWorkWithoutWhatIsRefused() {
        ServerConfig wanted = read(RUNNING.replace("localAddress: 192.168.10.1", "localAddress: 192.168.20.1")
                .replace("192.168.10.100-200", "192.168.10.1-200"));
        LiveChange change = LiveChange.between(read(RUNNING), wanted);
        assertThat(change.config()).isEqualTo(read(RUNNING));
        assertThat(change.refused()).extracting(FieldProblem::field)
                .isEqualTo(List.of("network.localAddress", "network.pools"));
    }

    private static ServerConfig read(String yaml) {
        return ConfigReader.parseServer("server.yaml", yaml);
    }
}
