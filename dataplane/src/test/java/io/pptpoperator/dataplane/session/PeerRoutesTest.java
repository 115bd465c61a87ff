package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks and addresses of users that contain the way to a client, whose GRE would go round for ever. */
class PeerRoutesTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address ELSEWHERE = Ipv4Address.parse("192.0.2.7");
    private static final Ipv4Prefix OUTER = Ipv4Prefix.parse("203.0.113.0/24");
    private static final Ipv4Prefix BRANCH = Ipv4Prefix.parse("192.168.50.0/24");
    private static final String USERS = """
            users:
              - {username: alice, password: secret-a, routes: [203.0.113.0/24, 192.168.50.0/24]}
              - {username: bob, password: secret-b, address: 203.0.113.7}
            """;

    private final World world = new World(World.NETWORK, USERS);

    @Test
    void aNetworkWithItsOwnClientsAddressInItIsNotRouted() {
        Dialer alice = Dialer.alice();
        Session session = LoginTest.connect(world, HOME, alice).session();
        assertThat(session.routes()).containsExactly(BRANCH);
        assertThat(world.datapath.tunnelOf(HOME)).isEmpty();
        assertThat(world.datapath.tunnelOf(Ipv4Address.parse("192.168.50.1"))).isPresent();
        assertThat(session.leftOut()).singleElement()
                .asString()
                .startsWith("route 203.0.113.0/24 contains 203.0.113.7");
        LoginTest.assertPingsPass(world, alice);
        assertThat(world.record.reroutings).isEmpty();
    }

    @Test
    void aNetworkIsTakenBackWhileAnotherClientCallsFromIt() {
        Session session = LoginTest.connect(world, ELSEWHERE, Dialer.alice()).session();
        assertThat(session.routes()).containsExactly(OUTER, BRANCH);
        assertThat(session.leftOut()).isEmpty();
        assertThat(world.datapath.tunnelOf(HOME)).isPresent();

        Dialer bob = Dialer.bob();
        Session other = LoginTest.connect(world, HOME.plus(1), bob).session();
        assertThat(session.routes()).containsExactly(BRANCH);
        assertThat(session.leftOut()).singleElement().asString().contains("203.0.113.8");
        assertThat(world.datapath.tunnelOf(HOME.plus(9))).isEmpty();
        LoginTest.assertPingsPass(world, bob);

        assertThat(world.sessions.end(other.id(), "test", world.now())).isTrue();
        world.run(Duration.ofSeconds(2));
        assertThat(session.routes()).containsExactly(OUTER, BRANCH);
        assertThat(session.leftOut()).isEmpty();
        assertThat(world.record.reroutings).containsExactly(List.of(BRANCH), List.of(OUTER, BRANCH));
    }

    @Test
    void anAddressThatAClientCallsFromIsNotGiven() {
        Dialer bob = Dialer.bob();
        Session session = LoginTest.connect(world, HOME, bob).session();
        assertThat(bob.address()).isNotEqualTo(HOME);
        assertThat(session.leftOut()).singleElement().asString().startsWith("address 203.0.113.7 is one");
        LoginTest.assertPingsPass(world, bob);
        Dialer next = Dialer.bob();
        LoginTest.connect(world, ELSEWHERE, next);
        world.run(Duration.ofSeconds(2));
        Dialer last = Dialer.bob();
        LoginTest.connect(world, ELSEWHERE.plus(1), last);
        assertThat(last.address()).as("once nobody calls from there").isEqualTo(HOME);
    }
}
