package io.pptpoperator.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

/** What was stored with the names and words of before is read as it was meant. */
class FormerNamesTest {

    /** As the former CRD filled it in. */
    private static final String FILLED_IN = """
            useClusterDns: false, proxyArp: false, precedence: Never, workers: 0, packetSockets: Auto, mtu: auto,
            mss: auto, fragmentOversized: true, reordering: {packets: 64, delay: 50ms}, replicas: 1,
            keepalive: {interval: 20s, failures: 6, controlInterval: 60s}, nat: {enabled: true, uplink: auto},
            sessions: {perUser: 1, whenExceeded: Replace, idleTimeout: 0s, maxDuration: 0s},
            limits: {sessions: 10000, pendingConnections: 512, connectionsPerSource: 64, connectionsPerSecond: 100}""";
    /** What an API server fills in when it reads that by the present CRD. */
    private static final String FILLED_IN_NOW = """
            useClusterDNS: false, proxyARP: false,
            sessionPolicy: {perUser: 1, whenExceeded: Replace, idleTimeout: 0s, maxDuration: 0s}""";

    private static PptpServer server(String spec) {
        return new KubernetesSerialization().unmarshal("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: office, namespace: vpn}
                spec: {%s}
                """.formatted(spec), PptpServer.class);
    }

    @Test
    void whatWasSaidIsSaidWithThePresentNames() {
        PptpServer server = server("""
                localIp: 10.8.0.1, pools: [10.8.0.2-9], useClusterDns: true, proxyArp: true, precedence: Auto,
                sessions: {perUser: 2, whenExceeded: Deny, idleTimeout: 1h, maxDuration: 8h}, limits: {sessions: 5},
                mtu: auto, mss: off, nat: {uplink: auto}, %s""".formatted(FILLED_IN_NOW));
        PptpServerSpec spec = server.getSpec();

        assertThat(server.whyUnreadable()).isEmpty();
        assertThat(spec.localIP()).isEqualTo("10.8.0.1");
        assertThat(spec.useClusterDNS()).isTrue();
        assertThat(spec.proxyARP()).isTrue();
        assertThat(spec.realtimePriority()).isEqualTo(PptpServerSpec.RealtimePriority.Auto);
        assertThat(spec.sessionPolicy()).isEqualTo(new SessionPolicy(2, SessionPolicy.WhenExceeded.Deny, "1h", "8h"));
        assertThat(spec.limits().maxSessions()).isEqualTo(5);
        assertThat(spec.mtu()).isNull();
        assertThat(spec.mss().getStrVal()).isEqualTo("Off");
        assertThat(spec.nat().uplink()).isNull();
        assertThat(server.formerNames()).containsExactlyInAnyOrder("spec.localIp is called spec.localIP",
                "spec.useClusterDns is called spec.useClusterDNS", "spec.proxyArp is called spec.proxyARP",
                "spec.precedence is called spec.realtimePriority",
                "spec.sessions.perUser is called spec.sessionPolicy.perUser",
                "spec.sessions.whenExceeded is called spec.sessionPolicy.whenExceeded",
                "spec.sessions.idleTimeout is called spec.sessionPolicy.idleTimeout",
                "spec.sessions.maxDuration is called spec.sessionPolicy.maxDuration",
                "spec.limits.sessions is called spec.limits.maxSessions", "spec.mss: off is written Off");
    }

    @Test
    void whatTheFormerReleaseFilledInIsLeftToThisOne() {
        PptpServer server = server("localIp: 10.8.0.1, pools: [10.8.0.2-9], " + FILLED_IN + ", " + FILLED_IN_NOW);
        PptpServerSpec spec = server.getSpec();

        assertThat(server.formerNames()).containsExactly("spec.localIp is called spec.localIP");
        assertThat(spec.realtimePriority()).isNull();
        assertThat(spec.packetSockets()).isNull();
        assertThat(spec.workers()).isNull();
        assertThat(spec.reordering()).isEqualTo(Reordering.UNSAID);
        assertThat(spec.keepalive()).isEqualTo(Keepalive.UNSAID);
        assertThat(spec.limits().pendingConnections()).isNull();
        assertThat(spec.replicas()).as("nobody's judgement").isEqualTo(1);
        assertThat(spec.sessionPolicy().perUser()).isEqualTo(1);
    }

    @Test
    void thePresentNameCountsWhereItSaysSomething() {
        PptpServer server = server("localIP: 10.8.0.9, localIp: 10.8.0.1, pools: [10.8.0.2-9], "
                + "sessions: {perUser: 7}, sessionPolicy: {perUser: 3}, limits: {sessions: 5, maxSessions: 10000}");

        assertThat(server.getSpec().localIP()).isEqualTo("10.8.0.9");
        assertThat(server.getSpec().sessionPolicy().perUser()).isEqualTo(3);
        assertThat(server.getSpec().limits().maxSessions()).as("no more than was given").isEqualTo(5);
        assertThat(server.formerNames()).contains("spec.localIp is not read, because spec.localIP says what it said",
                "spec.sessions.perUser is not read, because spec.sessionPolicy.perUser says what it said",
                "spec.limits.sessions is called spec.limits.maxSessions");
    }

    @Test
    void aUserKeepsItsNumberOfSessions() {
        VpnUser user = new KubernetesSerialization().unmarshal("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUser
                metadata: {name: alice, namespace: vpn}
                spec: {sessions: 2}
                """, VpnUser.class);

        assertThat(user.getSpec().maxSessions()).isEqualTo(2);
        assertThat(user.formerNames()).containsExactly("spec.sessions is called spec.maxSessions");
        assertThat(user.withStatus(new VpnUser(), null).formerNames()).isEqualTo(user.formerNames());
    }

    @Test
    void presentNamesAreNotWorthAWord() {
        PptpServer server = server("localIP: 10.8.0.1, pools: [10.8.0.2-9], mtu: Auto, packetSockets: Auto");

        assertThat(server.formerNames()).isEmpty();
        assertThat(server.getSpec().packetSockets()).isEqualTo(PptpServerSpec.PacketSockets.Auto);
    }

    @Test
    void whatHasNoPlaceIsNotForced() {
        PptpServer server = server(
                "localIp: 10.8.0.1, pools: [10.8.0.2-9], sessions: {perUser: 7}, sessionPolicy: nonsense");

        assertThat(server.whyUnreadable()).contains("spec.sessionPolicy");
        assertThat(server.getSpec().localIP()).isEqualTo("10.8.0.1");
    }
}
