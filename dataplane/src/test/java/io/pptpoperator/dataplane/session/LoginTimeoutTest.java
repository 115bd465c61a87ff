package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that fall silent while they log in: each is let go in time, and the reason says where it stuck. */
class LoginTimeoutTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final int CHAP = 0xc223;
    private static final int CCP = 0x80fd;
    private static final int IPCP = 0x8021;

    /** Shorter than what the links themselves have patience for. */
    private final World world = new World("authentication: {timeout: 10s}\n");

    private Line dial(Dialer dialer) {
        Line line = world.connect(HOME, dialer);
        world.run(Duration.ofMillis(9_900));
        assertThat(line.isOpen()).isTrue();
        assertThat(world.record.ends).isEmpty();
        assertThat(world.sessions.pending()).isEqualTo(1);
        world.run(Duration.ofSeconds(7));
        assertThat(line.isOpen()).isFalse();
        assertThat(world.sessions.pending()).isZero();
        assertThat(world.sessions.count()).isZero();
        assertThat(world.datapath.tunnels()).isEmpty();
        assertThat(world.sessions.leases().used()).isZero();
        return line;
    }

    private RecordedEvents.End onlyEnd() {
        assertThat(world.record.ends).hasSize(1);
        return world.record.ends.getFirst();
    }

    @Test
    void beforeTheFirstControlMessage() {
        dial(Dialer.alice().thatNeverStarts());
        assertThat(world.record.ends).isEmpty();
        assertThat(world.record.abandoned).hasSize(1).first().asString().contains("did not open");
    }

    @Test
    void beforeTheCall() {
        dial(Dialer.alice().thatNeverCalls());
        assertThat(world.record.ends).isEmpty();
        assertThat(world.record.abandoned).hasSize(1).first().asString().contains("did not ask for a call");
    }

    @Test
    void whenNoGreComesThroughTheReasonAsksAboutGre() {
        dial(Dialer.alice().deafTo(protocol -> true));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.NO_ANSWER);
        assertThat(onlyEnd().detail()).contains("GRE (IP protocol 47)");
        assertThat(onlyEnd().millis()).isLessThan(11_000);
    }

    @Test
    void inAuthentication() {
        dial(Dialer.alice().deafTo(protocol -> protocol == CHAP));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.NEGOTIATION_FAILED);
        assertThat(onlyEnd().detail()).contains("authentication.timeout").endsWith("complete its authentication");
    }

    @Test
    void inCcp() {
        dial(Dialer.alice().deafTo(protocol -> protocol == CCP));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.NEGOTIATION_FAILED);
        assertThat(onlyEnd().detail()).contains("CCP, without which there is no encryption");
    }

    @Test
    void inIpcp() {
        dial(Dialer.alice().deafTo(protocol -> protocol == IPCP));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.NEGOTIATION_FAILED);
        assertThat(onlyEnd().detail()).contains("IPCP");
    }

    @Test
    void withTheLongerDefaultTheLinkItselfLosesPatienceAndSaysWhy() {
        World patient = new World("authentication: {timeout: 2m}\n");
        patient.connect(HOME, Dialer.alice().deafTo(protocol -> protocol == CHAP));
        patient.runUntil("the login failed", () -> !patient.record.failedLogins.isEmpty());
        assertThat(patient.record.failedLogins.getFirst().reason()).isEqualTo(LoginFailure.TIMEOUT);
        patient.runUntil("the session ended", () -> !patient.record.ends.isEmpty());
        assertThat(patient.record.ends.getFirst().reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
    }

    /** A login takes nine round trips, more where something is lost. */
    @ParameterizedTest
    @ValueSource(longs = {550, 1_000, 1_300, 2_000})
    void overALongPathThereIsTimeForTheWholeLogin(long oneWay) {
        World far = new World();
        far.latency(oneWay);
        int[] count = new int[1];
        far.weather((toServer, packet) -> ++count[0] % 12 == 0 ? World.Weather.LOST : 0);
        Dialer alice = Dialer.alice();
        Line line = far.connect(HOME, alice);
        far.runUntil("the client is connected", () -> alice.isUp() && line.session().isConnected());
        assertThat(far.record.ends).isEmpty();
    }

    @Test
    void whoIsSlowOnPurposeIsLetGoAllTheSame() {
        World far = new World();
        far.latency(2_500);
        far.connect(HOME, Dialer.alice().deafTo(protocol -> protocol == CHAP));
        far.run(Duration.ofSeconds(30 + 75 + 30));
        assertThat(far.record.ends).hasSize(1);
        assertThat(far.sessions.pending()).isZero();
    }

    @Test
    void aLinkThatIsEndingForAReasonOfItsOwnKeepsItWhenTheTimeIsUp() {
        World brief = new World("authentication: {timeout: 5s, retries: 0}\n");
        Dialer alice = Dialer.of("alice", "wrong").build();
        brief.weather((toServer, packet) -> isResponse(packet) ? 4_000 : 0);
        brief.connect(HOME, alice);
        brief.runUntil("the login failed", () -> !brief.record.failedLogins.isEmpty());
        alice.dies();
        brief.runUntil("the session ended", () -> !brief.record.ends.isEmpty());
        assertThat(brief.record.ends.getFirst().reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
    }

    private static boolean isResponse(byte[] packet) {
        for (int i = 0; i + 2 < packet.length; i++) {
            if (packet[i] == (byte) 0xc2 && packet[i + 1] == 0x23 && packet[i + 2] == 2) {
                return true;
            }
        }
        return false;
    }
}
