package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.link.SimulatedWire.Weather;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server and a client of this project against each other. */
class TwoLinksTest {

    private static final long MINUTE = 60_000;

    @Test
    void logInWithEncryption() {
        var wire = run(LinkConfigs.server(EncryptionSettings.STRONG), LinkConfigs.client(EncryptionSettings.STRONG),
                Weather.FINE, 1);
        assertAgreed(wire);
        assertThat(wire.server.witness.mppe().send()).isEqualTo(new MppeParameters(128, true));
        assertThat(wire.server.witness.steps()).containsExactly(LoginStep.LCP, LoginStep.AUTHENTICATION,
                LoginStep.ENCRYPTION, LoginStep.ADDRESSES);
        assertThat(wire.client.witness.steps()).containsExactly(LoginStep.LCP, LoginStep.AUTHENTICATION,
                LoginStep.ENCRYPTION, LoginStep.ADDRESSES);
        assertThat(wire.client.witness.network().addresses()).isEqualTo(new AddressPlan(LinkConfigs.PLAN.peerAddress(),
                LinkConfigs.PLAN.ourAddress(), LinkConfigs.PLAN.dns(), List.of()));
        assertThat(wire.server.witness.history())
                .contains(new LinkAction.Authenticated(FakeExchange.USER, AuthMethod.MSCHAPV2));
        // Six round trips of 10 ms: LCP, two for the login, CCP, two for IPCP.
        assertThat(wire.now()).isLessThanOrEqualTo(90);
    }

    @Test
    void logInWithoutRetransmissionOverASlowWire() {
        var wire = run(LinkConfigs.server(EncryptionSettings.STRONG), LinkConfigs.client(EncryptionSettings.STRONG),
                new Weather(0, 0, 600, 600), 1);
        assertAgreed(wire);
        assertThat(wire.server.witness.history()).doesNotContain(new LinkAction.NetworkDown());
        assertThat(wire.server.witness.history().stream().filter(LinkAction.LcpOpened.class::isInstance)).hasSize(1);
    }

    /**
     * Over satellites and full queues: no request reaches an end that has opened its protocol, because a peer that
     * follows RFC 1661 section 4.1 to the letter would start over.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 300, 900, 1_100, 1_300, 1_600, 2_000, 2_600, 4_000})
    void logInWithoutARequestTooMuchWhateverTheRoundTrip(long roundTrip) {
        var wire = new SimulatedWire(LinkConfigs.server(EncryptionSettings.STRONG),
                LinkConfigs.client(EncryptionSettings.STRONG), new Weather(0, 0, roundTrip / 2, roundTrip / 2), 1);
        wire.start(roundTrip);
        wire.runUntilSettled(MINUTE);
        assertAgreed(wire);
        assertThat(wire.late()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 900, 2_000, 4_000})
    void logInOverALongWayThatLosesFrames(long roundTrip) {
        for (int seed = 0; seed < 50; seed++) {
            var wire = new SimulatedWire(LinkConfigs.server(EncryptionSettings.STRONG),
                    LinkConfigs.client(EncryptionSettings.STRONG), new Weather(5, 0, roundTrip / 2, roundTrip / 2),
                    seed);
            wire.start(roundTrip);
            wire.runUntilSettled(2 * MINUTE);
            assertAgreed(wire);
        }
    }

    @Test
    void logInWhenTheClientIsReadyOnlyLater() {
        var wire = new SimulatedWire(LinkConfigs.server(EncryptionSettings.STRONG),
                LinkConfigs.client(EncryptionSettings.STRONG), Weather.FINE, 1);
        wire.act(wire.server, wire.server.link.start(0));
        wire.runUntil(700);
        wire.act(wire.client, wire.client.link.start(700));
        wire.runUntilSettled(MINUTE);
        assertAgreed(wire);
        assertThat(wire.now()).isLessThan(1_700);
    }

    @Test
    void weakerStrengthWinsWhenTheClientHasNoOther() {
        var weak = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40), false);
        var both = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40, 128), false);
        var wire = run(LinkConfigs.server(both), LinkConfigs.client(weak), Weather.FINE, 1);
        assertAgreed(wire);
        assertThat(wire.server.witness.mppe().send()).isEqualTo(new MppeParameters(40, true));
        assertThat(wire.server.witness.mppe().receive()).isEqualTo(new MppeParameters(40, true));
    }

    @Test
    void serverThatRequiresEncryptionEndsAClientThatHasNone() {
        var wire = run(LinkConfigs.server(EncryptionSettings.STRONG), LinkConfigs.client(EncryptionSettings.NONE),
                Weather.FINE, 1);
        assertThat(wire.server.witness.terminated())
                .isEqualTo(new LinkAction.Terminated(TerminationReason.ENCRYPTION_REFUSED,
                        "the peer has encryption switched off (it rejects CCP), which is required here"));
        assertThat(wire.client.witness.terminated().reason()).isEqualTo(TerminationReason.PEER_REQUEST);
        assertThat(wire.client.witness.terminated().detail()).contains("MPPE encryption is required");
    }

    @Test
    void clientThatRequiresEncryptionLeavesAServerThatHasNone() {
        var wire = run(LinkConfigs.server(EncryptionSettings.NONE), LinkConfigs.client(EncryptionSettings.STRONG),
                Weather.FINE, 1);
        assertThat(wire.client.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(wire.server.witness.terminated().reason()).isEqualTo(TerminationReason.PEER_REQUEST);
    }

    @Test
    void noCommonStrengthIsRefusedAtOnce() {
        var weak = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40), false);
        var wire = run(LinkConfigs.server(EncryptionSettings.STRONG), LinkConfigs.client(weak), Weather.FINE, 1);
        assertThat(wire.server.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(wire.server.witness.terminated().detail())
                .startsWith("the peer insists on MPPE with 40 bits, and only 128 bits are allowed here");
        assertThat(wire.client.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(wire.client.witness.terminated().detail())
                .startsWith("the peer insists on MPPE with 128 bits, and only 40 bits are allowed here");
        assertThat(wire.now()).isLessThan(5_000);
    }

    @Test
    void encryptionThatIsPreferredOnBothSidesIsUsedOrNot() {
        assertThat(run(LinkConfigs.server(LinkConfigs.PREFERRED), LinkConfigs.client(LinkConfigs.PREFERRED),
                Weather.FINE, 1).server.witness.mppe()).isNotNull();
        var clear = run(LinkConfigs.server(LinkConfigs.PREFERRED), LinkConfigs.client(EncryptionSettings.NONE),
                Weather.FINE, 1);
        assertThat(clear.server.witness.mppe()).isNull();
        assertAgreed(clear);
        assertThat(clear.now()).isLessThan(1_000);
    }

    @Test
    void everyMethodLogsIn() {
        for (AuthMethod method : AuthMethod.ofPasswords()) {
            var wire = run(LinkConfigs.server(LinkConfigs.PREFERRED),
                    LinkConfigs.client(LinkConfigs.PREFERRED, List.of(method), LinkConfigs.PASSWORD), Weather.FINE, 1);
            assertAgreed(wire);
            assertThat(wire.server.witness.history()).contains(new LinkAction.Authenticated(FakeExchange.USER, method));
            assertThat(wire.server.witness.mppe() != null).isEqualTo(method.yieldsMppeKeys());
        }
    }

    @Test
    void noCommonMethodIsRefusedWithItsReason() {
        var wire = run(LinkConfigs.server(EncryptionSettings.NONE, List.of(AuthMethod.MSCHAPV2)),
                LinkConfigs.client(EncryptionSettings.NONE, List.of(AuthMethod.PAP), LinkConfigs.PASSWORD),
                Weather.FINE, 1);
        assertThat(wire.server.witness.terminated())
                .isEqualTo(new LinkAction.Terminated(TerminationReason.AUTHENTICATION_REFUSED,
                        "the peer refuses every authentication method allowed here (mschapv2)"));
        assertThat(wire.client.witness.terminated()).isNotNull();
    }

    @Test
    void wrongPasswordFailsOnBothSides() {
        var wire = run(LinkConfigs.server(EncryptionSettings.STRONG),
                LinkConfigs.client(EncryptionSettings.STRONG, LinkConfigs.ALL_METHODS, "wrong"), Weather.FINE, 1);
        assertThat(wire.server.witness.terminated().reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(wire.client.witness.terminated().reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(wire.server.witness.history().stream().filter(LinkAction.LoginFailed.class::isInstance)).hasSize(1);
        assertThat(wire.now()).isLessThan(5_000);
    }

    @Test
    void terminationByOneEndEndsBoth() {
        var wire = run(LinkConfigs.server(EncryptionSettings.STRONG), LinkConfigs.client(EncryptionSettings.STRONG),
                Weather.FINE, 1);
        wire.act(wire.server, wire.server.link.terminate(TerminationReason.ADMIN, "disconnected by alice", wire.now()));
        wire.runUntil(wire.now() + MINUTE);
        assertThat(wire.server.witness.terminated())
                .isEqualTo(new LinkAction.Terminated(TerminationReason.ADMIN, "disconnected by alice"));
        assertThat(wire.client.witness.terminated()).isEqualTo(new LinkAction.Terminated(TerminationReason.PEER_REQUEST,
                "the peer closed the link: Disconnected by the administrator"));
    }

    @Test
    void silenceAfterLoginEndsBothWithinTheEchoTime() {
        var wire = run(LinkConfigs.server(EncryptionSettings.STRONG), LinkConfigs.client(EncryptionSettings.STRONG),
                Weather.FINE, 1);
        wire.runUntil(10 * MINUTE);
        assertThat(wire.server.witness.isUp()).isTrue();
        wire.weather(new Weather(100, 0, 5, 5));
        wire.runUntil(wire.now() + 125_000);
        assertThat(wire.server.witness.terminated().reason()).isEqualTo(TerminationReason.ECHO_TIMEOUT);
        assertThat(wire.client.witness.terminated().reason()).isEqualTo(TerminationReason.ECHO_TIMEOUT);
        assertThat(wire.server.witness.terminated().detail()).contains("5 LCP Echo-Requests in 100 s");
    }

    @Property(tries = 400)
    void badWeatherDelaysTheLoginButDoesNotPreventIt(@ForAll("badWeather") Weather weather,
            @ForAll("policies") EncryptionPolicy serverPolicy, @ForAll long seed) {
        var encryption = serverPolicy == EncryptionPolicy.OFF
                ? EncryptionSettings.NONE
                : new EncryptionSettings(serverPolicy, Set.of(128, 40), true);
        var wire = run(LinkConfigs.server(encryption), LinkConfigs.client(encryption), weather, seed);
        wire.runUntil(wire.now() + MINUTE);
        assertAgreed(wire);
    }

    @Property(tries = 200)
    void terribleWeatherEndsInALoginOrInAReason(@ForAll @IntRange(min = 20, max = 95) int loss,
            @ForAll @IntRange(max = 50) int duplication, @ForAll @IntRange(max = 3_000) int jitter,
            @ForAll("policies") EncryptionPolicy serverPolicy, @ForAll("policies") EncryptionPolicy clientPolicy,
            @ForAll long seed) {
        var wire = run(LinkConfigs.server(settings(serverPolicy)), LinkConfigs.client(settings(clientPolicy)),
                new Weather(loss, duplication, 10, 10 + jitter), seed);
        assertThat(wire.server.settled()).isTrue();
        assertThat(wire.client.settled()).isTrue();
        wire.weather(Weather.FINE);
        wire.runUntil(wire.now() + 10 * MINUTE);
        sendOneDatagram(wire, wire.client, wire.server);
        sendOneDatagram(wire, wire.server, wire.client);
        assertThat(wire.server.witness.isUp()).as("what one end sees the other sees")
                .isEqualTo(wire.client.witness.isUp());
        if (wire.server.witness.isUp()) {
            assertAgreed(wire);
        }
    }

    /** What an end that has encryption sends reaches the other's link only when that one has none. */
    private static void sendOneDatagram(SimulatedWire wire, SimulatedWire.End from, SimulatedWire.End to) {
        if (from.witness.mppe() != null && to.witness.mppe() == null) {
            wire.act(to, to.link.receive(new byte[]{(byte) 0xfd, (byte) 0x90, 0, 77}, wire.now()));
            wire.runUntil(wire.now() + MINUTE);
        }
    }

    @Provide
    Arbitrary<Weather> badWeather() {
        return Combinators
                .combine(Arbitraries.integers().between(0, 10), Arbitraries.integers().between(0, 20),
                        Arbitraries.integers().between(0, 200), Arbitraries.integers().between(0, 150))
                .as((loss, duplication, delay, jitter) -> new Weather(loss, duplication, delay, delay + jitter));
    }

    @Provide
    Arbitrary<EncryptionPolicy> policies() {
        return Arbitraries.of(EncryptionPolicy.class);
    }

    private static EncryptionSettings settings(EncryptionPolicy policy) {
        return policy == EncryptionPolicy.OFF
                ? EncryptionSettings.NONE
                : new EncryptionSettings(policy, Set.of(128), false);
    }

    private static SimulatedWire run(LinkConfig server, LinkConfig client, Weather weather, long seed) {
        var wire = new SimulatedWire(server, client, weather, seed);
        wire.start();
        wire.runUntilSettled(30 * MINUTE);
        return wire;
    }

    private static void assertAgreed(SimulatedWire wire) {
        LinkWitness server = wire.server.witness;
        LinkWitness client = wire.client.witness;
        assertThat(server.isUp()).as(() -> server.history().toString()).isTrue();
        assertThat(client.isUp()).as(() -> client.history().toString()).isTrue();
        assertThat(client.network().addresses().ourAddress()).isEqualTo(server.network().addresses().peerAddress());
        assertThat(client.network().addresses().peerAddress()).isEqualTo(server.network().addresses().ourAddress());
        assertThat(client.network().addresses().dns()).isEqualTo(server.network().addresses().dns());
        assertThat(server.mppe() == null).as(() -> server.history() + " " + client.history())
                .isEqualTo(client.mppe() == null);
        if (server.mppe() != null) {
            assertThat(server.mppe().send()).isEqualTo(client.mppe().receive());
            assertThat(server.mppe().receive()).isEqualTo(client.mppe().send());
            assertThat(server.mppe().keys().send128()).isEqualTo(client.mppe().keys().receive128());
        }
    }
}
