package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.CallDisconnectNotify;
import io.pptpoperator.protocol.control.StopControlConnectionRequest;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All the ways in which a session ends. */
class EndTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address OFFICE = Ipv4Address.parse("203.0.113.8");
    /** What "at once" may take: the server's own rule is one second. */
    private static final long SECOND = 1_000;

    private final World world = new World();
    private final Dialer alice = Dialer.alice();
    private final Dialer bob = Dialer.bob();

    private Line connectAlice() {
        return LoginTest.connect(world, HOME, alice);
    }

    private RecordedEvents.End onlyEnd() {
        assertThat(world.record.ends).hasSize(1);
        return world.record.ends.getFirst();
    }

    private void assertNothingIsLeft() {
        assertThat(world.sessions.count()).isZero();
        assertThat(world.sessions.leases().used()).isZero();
        assertThat(world.datapath.tunnels()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {", enabled: false | Account disabled", ", validUntil: 2026-01-02T12:00:01Z | Account expired",
                    ", allowedSources: [192.0.2.0/24] | Login not allowed from this address"})
    void aUserWhoMayNoLongerBeLoggedInIsCutOff(String setting, String detail) {
        assertAliceIsCutOffBy("  - {username: alice, password: secret-a" + setting + "}\n", detail);
    }

    @Test
    void aUserWhoIsRemovedIsCutOff() {
        assertAliceIsCutOffBy("", "the user was removed");
    }

    /** At once, and her session ends within a second even though her client is dead; nobody else notices. */
    private void assertAliceIsCutOffBy(String aliceNow, String detail) {
        connectAlice();
        Line office = LoginTest.connect(world, OFFICE, bob);
        Ipv4Address address = alice.address();
        world.run(Duration.ofSeconds(2));
        alice.dies();

        long changed = world.now();
        world.configure(World.NETWORK, "users:\n  - {username: bob, password: secret-b}\n" + aliceNow);
        assertThat(world.datapath.tunnelOf(address)).as("the way to Alice").isEmpty();
        alice.tunnel().sendIp(Ping.request(address, World.GATEWAY, 1, 20));
        world.runUntil("Alice's session ends", () -> !world.record.ends.isEmpty());

        assertThat(world.now() - changed).isLessThanOrEqualTo(SECOND);
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.USER_CHANGED);
        assertThat(onlyEnd().detail()).isEqualTo(detail);
        assertThat(onlyEnd().session().username()).contains("alice");
        assertThat(onlyEnd().session().address()).contains(address);
        assertThat(onlyEnd().session().wasConnected()).isTrue();
        assertThat(world.datapath.arrived()).as("packets after the cut").isEmpty();
        assertThat(office.session().isConnected()).isTrue();
        LoginTest.assertPingsPass(world, bob);
    }

    @Test
    void aUserWhoseTimeRunsOutIsCutOffWithoutAnyChangeOfTheFiles() {
        World timed = new World(World.NETWORK,
                "users:\n  - {username: alice, password: secret-a, validUntil: 2026-01-02T12:10:00Z}\n");
        LoginTest.connect(timed, HOME, alice);
        timed.run(Duration.ofSeconds(598));
        assertThat(timed.record.ends).isEmpty();
        timed.run(Duration.ofSeconds(3));
        assertThat(timed.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.USER_CHANGED);
    }

    @Test
    void aSessionWithoutDataEndsAndOneWithDataDoesNot() {
        World idle = new World("sessionPolicy: {idleTimeout: 5m}\n");
        LoginTest.connect(idle, HOME, alice);
        LoginTest.connect(idle, OFFICE, bob);
        for (int minute = 0; minute < 6; minute++) {
            bob.ping(World.GATEWAY, 20);
            idle.run(Duration.ofMinutes(1));
        }
        assertThat(idle.record.ends).hasSize(1);
        RecordedEvents.End end = idle.record.ends.getFirst();
        assertThat(end.session().username()).contains("alice");
        assertThat(end.reason()).isEqualTo(TerminationReason.IDLE_TIMEOUT);
        assertThat(end.millis()).isBetween(300_000L, 301_500L);
        assertThat(alice.end).isPresent();
    }

    @Test
    void aSessionEndsAfterItsLongestDurationHoweverBusyItIs() {
        World timed = new World("sessionPolicy: {maxDuration: 10m}\n");
        LoginTest.connect(timed, HOME, alice);
        for (int second = 0; second < 598; second++) {
            alice.ping(World.GATEWAY, 20);
            timed.run(Duration.ofSeconds(1));
        }
        assertThat(timed.record.ends).isEmpty();
        timed.run(Duration.ofSeconds(4));
        assertThat(timed.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.SESSION_TIMEOUT);
    }

    @Test
    void theClientClearsTheCall() {
        connectAlice();
        alice.clearCall();
        world.run(Duration.ofSeconds(1));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.PEER_REQUEST);
        assertThat(onlyEnd().detail()).isEqualTo("the client cleared the call");
        assertThat(alice.messages).anyMatch(CallDisconnectNotify.class::isInstance);
        assertThat(alice.hungUp).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void theClientTerminatesTheLink() {
        connectAlice();
        alice.terminate();
        world.run(Duration.ofSeconds(2));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.PEER_REQUEST);
        assertThat(alice.hungUp).isTrue();
        assertNothingIsLeft();
    }

    @Test
    void theTcpConnectionGoesWithoutAGoodbye() {
        connectAlice();
        alice.hangUp();
        world.run(Duration.ofSeconds(1));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.TUNNEL_DOWN);
        assertThat(onlyEnd().detail()).isEqualTo("the client closed the TCP connection");
        assertNothingIsLeft();
    }

    @Test
    void theClientSendsNonsenseOverTcp() {
        Line line = connectAlice();
        line.control(HexFormat.of().parseHex("0010000100000000000c000012340000"));
        world.run(Duration.ofSeconds(1));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.TUNNEL_DOWN);
        assertThat(onlyEnd().detail()).contains("malformed control message");
        assertNothingIsLeft();
    }

    @Test
    void theClientStopsTheControlConnection() {
        connectAlice();
        alice.sendControl(new StopControlConnectionRequest(StopControlConnectionRequest.NONE));
        world.run(Duration.ofSeconds(1));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.PEER_REQUEST);
        assertThat(onlyEnd().detail()).contains("stopped the control connection");
        assertNothingIsLeft();
    }

    @Test
    void aDeadTunnelIsFoundByLcpEchoThoughTheControlConnectionLives() {
        connectAlice();
        alice.deafTo(protocol -> true);
        world.run(Duration.ofSeconds(139));
        assertThat(world.record.ends).isEmpty();
        world.run(Duration.ofSeconds(5));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.ECHO_TIMEOUT);
        assertThat(onlyEnd().detail()).contains("LCP Echo-Requests");
        world.run(Duration.ofSeconds(6));
        assertNothingIsLeft();
    }

    @Test
    void aClientThatAnswersEchoesOrSendsDataStays() {
        connectAlice();
        world.run(Duration.ofHours(12));
        assertThat(world.record.ends).isEmpty();
        LoginTest.assertPingsPass(world, alice);
    }

    @Test
    void aDeadClientIsFoundByTheControlConnectionWhereLcpEchoIsOff() {
        World quiet = new World("keepalive: {interval: 0s}\n");
        LoginTest.connect(quiet, HOME, alice);
        alice.dies();
        quiet.run(Duration.ofSeconds(121));
        assertThat(quiet.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.ECHO_TIMEOUT);
        assertThat(quiet.record.ends.getFirst().detail()).contains("Echo-Request");
    }

    @Test
    void anAdministratorEndsASessionInOrder() {
        Line line = connectAlice();
        assertThat(world.sessions.end("no such id", "by hand", world.now())).isFalse();
        assertThat(world.sessions.end(line.session().id(), "by hand", world.now())).isTrue();
        assertThat(world.sessions.end(line.session().id(), "once more", world.now())).isTrue();
        world.run(Duration.ofSeconds(1));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.ADMIN);
        assertThat(onlyEnd().detail()).isEqualTo("by hand");
        assertThat(alice.end.orElseThrow().detail()).contains("Disconnected by the administrator");
        assertThat(alice.messages).anyMatch(CallDisconnectNotify.class::isInstance);
        assertNothingIsLeft();
        assertThat(
                world.sessions.end(line.connection().orElseThrow().session().orElseThrow().id(), "late", world.now()))
                .isFalse();
    }

    @Test
    void anAdministratorEndsAllSessionsOfAUser() {
        World many = new World("sessionPolicy: {perUser: 0}\n");
        Dialer again = Dialer.alice();
        LoginTest.connect(many, HOME, alice);
        LoginTest.connect(many, OFFICE, again);
        LoginTest.connect(many, OFFICE.plus(1), bob);
        assertThat(many.sessions.endUser("alice", "by hand", many.now())).isEqualTo(2);
        assertThat(many.sessions.endUser("carol", "by hand", many.now())).isZero();
        many.run(Duration.ofSeconds(1));
        assertThat(many.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.ADMIN, TerminationReason.ADMIN);
        LoginTest.assertPingsPass(many, bob);
    }

    @Test
    void whatEndedFirstIsTheReasonWhateverComesAfterIt() {
        Line line = connectAlice();
        alice.dies();
        line.connection().orElseThrow().end(TerminationReason.ADMIN, "by hand", world.now());
        line.connection().orElseThrow().end(TerminationReason.SHUTDOWN, "too late", world.now());
        line.hangUp();
        world.run(Duration.ofSeconds(10));
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.ADMIN);
        assertThat(onlyEnd().detail()).isEqualTo("by hand");
        line.connection().orElseThrow().closed(world.now());
        line.connection().orElseThrow().tick(world.now());
        line.connection().orElseThrow().end(TerminationReason.ADMIN, "again", world.now());
        assertThat(world.record.ends).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void keysThatDoNotMatchLeadToNewOnesAndThenToTheEndInsteadOfPassingRubbish() {
        connectAlice();
        sendRubbish();
        assertThat(world.record.ends).isEmpty();
        world.runUntil("Alice is connected with other keys", alice::isUp);
        sendRubbish();
        assertThat(world.datapath.arrived()).isEmpty();
        assertThat(world.datapath.drops(DropCause.MPPE_MALFORMED)).isPositive();
        assertThat(onlyEnd().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(onlyEnd().detail()).contains("different keys");
    }

    private void sendRubbish() {
        byte[] rubbish = HexFormat.of().parseHex("ff0300fd9000" + "5a".repeat(60));
        for (int i = 0; i < 40; i++) {
            alice.sendFrame(rubbish);
        }
        world.run(Duration.ofSeconds(2));
    }

    @Test
    void aLoginIsStoppedInTheMiddle() {
        Map<String, Dialer> clients = Map.of("before LCP", Dialer.alice().deafTo(protocol -> true), "in LCP",
                Dialer.alice().deafTo(protocol -> protocol == 0xc223), "in CHAP",
                Dialer.alice().deafTo(protocol -> protocol == 0x80fd || protocol == 0x8021));
        clients.forEach((when, client) -> {
            World started = new World();
            Line line = started.connect(HOME, client);
            started.run(Duration.ofSeconds(2));
            client.sendControl(new StopControlConnectionRequest(StopControlConnectionRequest.NONE));
            started.run(Duration.ofSeconds(1));
            assertThat(started.record.ends).as(when)
                    .extracting(RecordedEvents.End::reason)
                    .containsExactly(TerminationReason.PEER_REQUEST);
            assertThat(line.isOpen()).as(when).isFalse();
            assertThat(started.sessions.leases().used()).as(when).isZero();
            assertThat(started.sessions.pending()).as(when).isZero();
            assertThat(started.datapath.tunnels()).as(when).isEmpty();
        });
    }
}
