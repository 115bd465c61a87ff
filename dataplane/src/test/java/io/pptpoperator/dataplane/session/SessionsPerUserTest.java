package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many sessions one user may have, and what becomes of the one too many. */
class SessionsPerUserTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");

    @Test
    void aSecondLoginReplacesTheFirstAndGetsItsAddress() {
        World world = new World();
        Dialer first = Dialer.alice();
        Line line = LoginTest.connect(world, HOME, first);
        Ipv4Address address = first.address();
        Dialer bob = Dialer.bob();
        LoginTest.connect(world, HOME.plus(9), bob);

        Dialer second = Dialer.alice();
        LoginTest.connect(world, HOME.plus(1), second);
        world.run(Duration.ofSeconds(1));
        assertThat(second.address()).isEqualTo(address);
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.REPLACED);
        assertThat(world.record.ends.getFirst().session()).isSameAs(line.session());
        assertThat(first.end.orElseThrow().detail()).contains("Replaced by a newer login");
        LoginTest.assertPingsPass(world, second);
        LoginTest.assertPingsPass(world, bob);
    }

    @Test
    void aDeadFirstSessionDoesNotKeepItsAddressFromTheSecond() {
        World world = new World();
        Dialer first = Dialer.alice();
        LoginTest.connect(world, HOME, first);
        Ipv4Address address = first.address();
        first.dies();
        Dialer second = Dialer.alice();
        LoginTest.connect(world, HOME.plus(1), second);
        assertThat(second.address()).isEqualTo(address);
        LoginTest.assertPingsPass(world, second);
        assertThat(world.sessions.leases().used()).isEqualTo(1);
    }

    @Test
    void aStaticAddressMovesToTheNewSession() {
        World world = new World(World.NETWORK,
                "users:\n  - {username: alice, password: secret-a, address: 192.168.10.150}\n");
        LoginTest.connect(world, HOME, Dialer.alice());
        Dialer second = Dialer.alice();
        LoginTest.connect(world, HOME.plus(1), second);
        assertThat(second.address()).isEqualTo(Ipv4Address.parse("192.168.10.150"));
    }

    @Test
    void aSecondLoginIsRefusedWhereThatIsTheRule() {
        World world = new World("sessionPolicy: {whenExceeded: Deny}\n");
        Dialer first = Dialer.alice();
        LoginTest.connect(world, HOME, first);
        Dialer second = Dialer.alice();
        world.connect(HOME.plus(1), second);
        world.runUntil("the second login fails", () -> second.loginFailure.isPresent());
        assertThat(world.record.failedLogins).extracting(RecordedEvents.FailedLogin::reason)
                .containsExactly(LoginFailure.SESSION_LIMIT);
        world.run(Duration.ofSeconds(1));
        LoginTest.assertPingsPass(world, first);
    }

    @Test
    void aSessionThatIsEndingDoesNotKeepItsUserOut() {
        World world = new World("sessionPolicy: {whenExceeded: Deny}\n");
        Dialer first = Dialer.alice();
        Line line = LoginTest.connect(world, HOME, first);
        first.dies();
        line.connection().orElseThrow().end(TerminationReason.ADMIN, "by hand", world.now());
        Dialer second = Dialer.alice();
        LoginTest.connect(world, HOME.plus(1), second);
        LoginTest.assertPingsPass(world, second);
    }

    @Test
    void someUsersMayHaveMoreThanOthersAndTheOldestGoesFirst() {
        World world = new World(World.NETWORK, """
                users:
                  - {username: alice, password: secret-a, maxSessions: 2}
                  - {username: bob, password: secret-b}
                """);
        Dialer[] dialers = {Dialer.alice(), Dialer.alice(), Dialer.alice()};
        for (int i = 0; i < dialers.length; i++) {
            LoginTest.connect(world, HOME.plus(i), dialers[i]);
        }
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.ends).hasSize(1);
        assertThat(world.record.ends.getFirst().session().peer()).isEqualTo(HOME);
        assertThat(dialers[1].address()).isNotEqualTo(dialers[2].address());
        LoginTest.assertPingsPass(world, dialers[1]);
        LoginTest.assertPingsPass(world, dialers[2]);
    }

    @Test
    void theOlderSessionHasTheRoutesAgainWhenTheNewerIsOver() {
        World world = new World(World.NETWORK,
                "users:\n  - {username: alice, password: secret-a, maxSessions: 2, routes: [10.50.0.0/16]}\n");
        Ipv4Address behind = Ipv4Address.parse("10.50.3.4");
        Dialer branch = Dialer.alice();
        LoginTest.connect(world, HOME, branch);
        Dialer visitor = Dialer.alice();
        LoginTest.connect(world, HOME.plus(1), visitor);
        assertThat(world.datapath.tunnelOf(behind)).isEqualTo(world.datapath.tunnelOf(visitor.address()));
        visitor.terminate();
        world.runUntil("the visitor has gone", () -> world.record.ends.size() == 1);
        assertThat(world.datapath.tunnelOf(behind)).isEqualTo(world.datapath.tunnelOf(branch.address())).isPresent();
    }

    @Test
    void anyNumberIsAllowedWithZero() {
        World world = new World("sessionPolicy: {perUser: 0, whenExceeded: Deny}\n");
        for (int i = 0; i < 20; i++) {
            LoginTest.connect(world, HOME.plus(i), Dialer.alice());
        }
        assertThat(world.sessions.leases().used()).isEqualTo(20);
        assertThat(world.record.ends).isEmpty();
    }

    @Test
    void aWrongPasswordReplacesNobody() {
        World world = new World("authentication: {retries: 0}\n");
        Dialer first = Dialer.alice();
        LoginTest.connect(world, HOME, first);
        Dialer thief = Dialer.of("alice", "guessed").build();
        world.connect(HOME.plus(1), thief);
        world.runUntil("the thief is refused", () -> thief.loginFailure.isPresent());
        world.run(Duration.ofSeconds(10));
        LoginTest.assertPingsPass(world, first);
    }
}
