package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.GeneralError;
import io.pptpoperator.protocol.control.OutgoingCallReply;
import io.pptpoperator.protocol.control.OutgoingCallRequest;
import io.pptpoperator.protocol.control.PnsSettings;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The limits of one server: each keeps the next client out, is told, and disturbs nobody who is in. */
class LimitsTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");

    private static OutgoingCallReply replyOf(Dialer dialer) {
        return dialer.messages.stream()
                .filter(OutgoingCallReply.class::isInstance)
                .map(OutgoingCallReply.class::cast)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    /** Lets as many clients connect at once that never say a word. */
    private static List<Line> connectSilently(World world, Ipv4Address from, int count) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(world.connect(from, Dialer.alice().thatNeverStarts()));
        }
        world.run(Duration.ofMillis(20));
        return lines;
    }

    @Test
    void oneSessionMoreThanAllowedIsRefusedWithTheReasonNoResource() {
        World world = new World("limits: {maxSessions: 1}\n");
        Dialer alice = Dialer.alice();
        LoginTest.connect(world, HOME, alice);
        Dialer bob = Dialer.bob();
        Line refused = world.connect(HOME.plus(1), bob);
        world.runUntil("Bob hung up", () -> bob.hungUp);
        assertThat(world.record.refusals).containsExactly(Refusal.SESSIONS);
        assertThat(replyOf(bob).resultCode()).isEqualTo(OutgoingCallReply.GENERAL_ERROR);
        assertThat(replyOf(bob).errorCode()).isEqualTo(GeneralError.NO_RESOURCE);
        assertThat(refused.connection().orElseThrow().session()).isEmpty();
        assertThat(world.record.abandoned).hasSize(1);
        LoginTest.assertPingsPass(world, alice);

        alice.clearCall();
        world.run(Duration.ofSeconds(1));
        LoginTest.connect(world, HOME.plus(1), Dialer.bob());
    }

    @Test
    void withoutAFreeCallIdACallIsRefused() {
        World world = new World();
        world.datapath.limitTo(1);
        LoginTest.connect(world, HOME, Dialer.alice());
        Dialer bob = Dialer.bob();
        world.connect(HOME.plus(1), bob);
        world.runUntil("Bob hung up", () -> bob.hungUp);
        assertThat(world.record.refusals).containsExactly(Refusal.CALL_IDS);
        assertThat(replyOf(bob).errorCode()).isEqualTo(GeneralError.NO_RESOURCE);
        assertThat(world.sessions.count()).isEqualTo(1);
    }

    @Test
    void connectionsThatHaveNotLoggedInAreLimitedTogetherAndLoggedInOnesDoNotCount() {
        World world = new World("limits: {pendingConnections: 3}\n");
        LoginTest.connect(world, HOME, Dialer.alice());
        connectSilently(world, HOME.plus(1), 2);
        connectSilently(world, HOME.plus(2), 1);
        assertThat(world.sessions.pending()).isEqualTo(3);
        List<Line> refused = connectSilently(world, HOME.plus(1), 1);
        assertThat(world.record.refusals).containsExactly(Refusal.PENDING_CONNECTIONS);
        assertThat(refused.getFirst().isOpen()).isFalse();
        world.run(Duration.ofSeconds(31));
        assertThat(world.sessions.pending()).isZero();
        LoginTest.connect(world, HOME.plus(3), Dialer.bob());
    }

    @Test
    void aFewSourcesThatFillThePendingConnectionsKeepNobodyElseOut() {
        World world = new World("limits: {pendingConnections: 8, connectionsPerSource: 4}\n");
        List<Line> first = connectSilently(world, HOME.plus(1), 4);
        List<Line> second = connectSilently(world, HOME.plus(2), 4);
        LoginTest.connect(world, HOME, Dialer.alice());
        assertThat(world.record.refusals).containsExactly(Refusal.PENDING_CONNECTIONS);
        assertThat(first).extracting(Line::isOpen).containsExactly(false, true, true, true);
        assertThat(second).extracting(Line::isOpen).containsOnly(true);
        LoginTest.connect(world, HOME.plus(3), Dialer.bob());
        assertThat(world.sessions.pending()).isLessThanOrEqualTo(8);
    }

    @Test
    void aDisplacedClientsCallIsClearedWithEverythingThatBelongsToIt() {
        World world = new World("limits: {pendingConnections: 2}\n");
        Line stuck = world.connect(HOME.plus(1), Dialer.alice().deafTo(protocol -> true));
        world.run(Duration.ofMillis(100));
        assertThat(world.datapath.tunnels()).hasSize(1);
        connectSilently(world, HOME.plus(1), 1);
        LoginTest.connect(world, HOME, Dialer.bob());
        assertThat(stuck.isOpen()).isFalse();
        assertThat(world.datapath.tunnels()).hasSize(1);
        assertThat(world.record.ends).hasSize(1);
        assertThat(world.record.ends.getFirst().detail()).contains("waiting for a login");
    }

    @Test
    void connectionsOfOneSourceAreLimited() {
        World world = new World("limits: {connectionsPerSource: 2}\n");
        List<Line> lines = connectSilently(world, HOME, 3);
        assertThat(lines).extracting(Line::isOpen).containsExactly(true, true, false);
        assertThat(world.record.refusals).containsExactly(Refusal.CONNECTIONS_PER_SOURCE);
        LoginTest.connect(world, HOME.plus(1), Dialer.bob());
        lines.getFirst().hangUp();
        world.run(Duration.ofMillis(20));
        LoginTest.connect(world, HOME, Dialer.alice());
    }

    @Test
    void newConnectionsOfOneSourceAreLimitedPerSecond() {
        World world = new World("limits: {connectionsPerSecond: 2}\n");
        List<Line> lines = connectSilently(world, HOME, 3);
        assertThat(lines).extracting(Line::isOpen).containsExactly(true, true, false);
        assertThat(world.record.refusals).containsExactly(Refusal.CONNECTIONS_PER_SECOND);
        LoginTest.connect(world, HOME.plus(1), Dialer.bob());
        world.run(Duration.ofSeconds(1));
        LoginTest.connect(world, HOME, Dialer.alice());
    }

    @Test
    void aSecondCallOnOneConnectionIsRefusedAndTheFirstGoesOn() {
        World world = new World();
        Dialer alice = Dialer.alice();
        LoginTest.connect(world, HOME, alice);
        OutgoingCallRequest second = PnsSettings.windowsLike(0x4321).call();
        alice.sendControl(second);
        world.run(Duration.ofMillis(100));
        assertThat(replyOf(alice).peersCallId()).isEqualTo(0x4321);
        assertThat(replyOf(alice).resultCode()).isEqualTo(OutgoingCallReply.DO_NOT_ACCEPT);
        assertThat(world.sessions.count()).isEqualTo(1);
        assertThat(world.record.notes).hasSize(1).first().asString().contains("second call");
        LoginTest.assertPingsPass(world, alice);
    }

    @Test
    void twoClientsBehindOneAddressWithTheSameCallIdOfTheirOwnBothWork() {
        World world = new World();
        Dialer alice = Dialer.alice();
        Dialer bob = Dialer.bob();
        Line first = LoginTest.connect(world, HOME, alice);
        Line second = world.connect(HOME, bob);
        world.runUntil("Bob is connected", bob::isUp);
        assertThat(first.session()).isNotSameAs(second.session());
        assertThat(alice.address()).isNotEqualTo(bob.address());
        LoginTest.assertPingsPass(world, bob);
        assertThat(first.session().isConnected()).isTrue();
    }

    @Test
    void whileDrainingNobodyGetsInAndWhoIsInStaysUntilEnded() {
        World world = new World();
        Dialer alice = Dialer.alice();
        LoginTest.connect(world, HOME, alice);
        Dialer between = Dialer.bob();
        Line early = world.connect(HOME.plus(1), between);
        world.run(Duration.ofMillis(World.LATENCY + 1));
        assertThat(early.connection()).isPresent();

        world.sessions.drain();
        assertThat(world.sessions.drained()).isNotDone();
        Line late = world.connect(HOME.plus(2), Dialer.bob());
        world.runUntil("the early caller hung up", () -> between.hungUp);
        assertThat(late.isOpen()).isFalse();
        assertThat(world.record.refusals).containsExactlyInAnyOrder(Refusal.DRAINING, Refusal.DRAINING);
        assertThat(replyOf(between).resultCode()).isEqualTo(OutgoingCallReply.DO_NOT_ACCEPT);
        LoginTest.assertPingsPass(world, alice);
        assertThat(world.sessions.drained()).isNotDone();

        world.sessions.endAll(TerminationReason.SHUTDOWN, "the server is going down", world.now());
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.SHUTDOWN);
        assertThat(world.sessions.drained()).isDone();
    }

    @Test
    void drainingEndsInTimeThoughClientsAreDeadInEveryPhase() {
        World world = new World("sessionPolicy: {perUser: 0}\n");
        Dialer dead = Dialer.alice();
        LoginTest.connect(world, HOME, dead);
        dead.dies();
        world.connect(HOME.plus(1), Dialer.alice().thatNeverStarts());
        world.connect(HOME.plus(2), Dialer.alice().thatNeverCalls());
        world.connect(HOME.plus(3), Dialer.alice().deafTo(protocol -> true));
        world.run(Duration.ofMillis(200));
        world.sessions.drain();
        world.sessions.endAll(TerminationReason.SHUTDOWN, "the server is going down", world.now());
        world.run(Duration.ofSeconds(6));
        assertThat(world.sessions.drained()).isDone();
        assertThat(world.sessions.pending()).isZero();
        assertThat(world.datapath.tunnels()).isEmpty();
    }

    @Test
    void anEmptyServerIsDrainedAtOnce() {
        World world = new World();
        world.sessions.drain();
        assertThat(world.sessions.drained()).isDone();
    }
}
