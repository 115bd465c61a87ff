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
            mtu: Auto                     | mtu: 1300
            mss: Auto                     | mss: Off
            isolateClients: true          | isolateClients: false
            hostAccess: []                | hostAccess: [{protocol: ICMP}]
            methods: [MSCHAPv2]           | methods: [MSCHAPv2, PAP]
            policy: Required              | policy: Off
            maxSessions: 10000            | maxSessions: 5
            controlInterval: 60s          | controlInterval: 5s
            level: Info                   | level: Debug
            drainTimeout: 30s             | drainTimeout: 31s
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
            tun: pptpd0                      | tun: tun7                        | tun
            localIP: 192.168.10.1            | localIP: 192.168.10.2            | localIP
            proxyARP: false                  | proxyARP: true                   | proxyARP
            enabled: true                    | enabled: false                   | nat.enabled
            uplink: null                     | uplink: eth0                     | nat.uplink
            excludedDestinations: []         | excludedDestinations: [10.0.0.0/8] | nat.excludedDestinations
            adminAddress: 127.0.0.1          | adminAddress: 127.0.0.2          | adminAddress
            adminPort: 9723                  | adminPort: 9724                  | adminPort
            adminTLS: null                   | adminTLS: {certificate: a, key: b, clientCA: c} | adminTLS
            format: Text                     | format: Json                     | log.format
            workers: 0                       | workers: 3                       | workers
            offload: Auto                    | offload: Never                   | offload
            packetSockets: Auto              | packetSockets: Always            | packetSockets
            xdpSockets: Never                | xdpSockets: Auto                 | xdpSockets
            realtimePriority: Never          | realtimePriority: Auto           | realtimePriority
            cpuAffinity: false               | cpuAffinity: true                | cpuAffinity
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
                .containsExactly("tun: stays pptpd0 until the server is restarted; tun7 cannot be set while it runs");
    }

    @Test
    void everythingStaysWhenTheRestCannotWorkWithoutWhatIsRefused() {
        ServerConfig wanted = read(RUNNING.replace("localIP: 192.168.10.1", "localIP: 192.168.20.1")
                .replace("192.168.10.100-200", "192.168.10.1-200"));
        LiveChange change = LiveChange.between(read(RUNNING), wanted);
        assertThat(change.config()).isEqualTo(read(RUNNING));
        assertThat(change.refused()).extracting(FieldProblem::field).isEqualTo(List.of("localIP", "pools"));
    }

    private static ServerConfig read(String yaml) {
        return ConfigReader.parseServer("server.yaml", yaml);
    }
}
