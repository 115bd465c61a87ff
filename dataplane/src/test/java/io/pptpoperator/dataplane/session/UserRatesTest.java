package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.MemoryTunnel;
import io.pptpoperator.dataplane.datapath.TunnelLimits;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a session's tunnel may do, and whom it shares that with. */
class UserRatesTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");

    private final World world = world("2M", "10M");

    private static String users(String up, String down) {
        return "users:\n  - {username: alice, password: secret-a, maxSessions: 2, rateLimit: {upload: " + up
                + ", download: " + down + "}}\n  - {username: bob, password: secret-b}\n";
    }

    private static World world(String up, String down) {
        return new World(World.NETWORK, users(up, down));
    }

    private MemoryTunnel tunnel(Dialer dialer) {
        return world.datapath.tunnelOf(dialer.address()).orElseThrow();
    }

    private TunnelLimits connect(Dialer dialer, int number) {
        LoginTest.connect(world, HOME.plus(number), dialer);
        return tunnel(dialer).limits();
    }

    private static long bits(Optional<RateBucket> bucket) {
        return bucket.map(RateBucket::bitsPerSecond).orElse(0L);
    }

    @Test
    void aUsersSessionsShareTheRateAndOthersHaveNone() {
        TunnelLimits first = connect(Dialer.alice(), 0);
        TunnelLimits second = connect(Dialer.alice(), 1);
        assertThat(bits(first.upload())).isEqualTo(2_000_000);
        assertThat(bits(first.download())).isEqualTo(10_000_000);
        assertThat(second.upload()).containsSame(first.upload().orElseThrow());
        assertThat(second.download()).containsSame(first.download().orElseThrow());
        assertThat(connect(Dialer.bob(), 2)).isEqualTo(TunnelLimits.NONE);
    }

    @Test
    void aNewLoginAfterTheLastOneBeginsAnew() {
        Dialer alice = Dialer.alice();
        TunnelLimits before = connect(alice, 0);
        alice.clearCall();
        world.run(Duration.ofSeconds(1));
        TunnelLimits after = connect(Dialer.alice(), 1);
        assertThat(after.upload().orElseThrow()).isNotSameAs(before.upload().orElseThrow());
    }

    @Test
    void anotherRateInTheFileCountsForSessionsThatAreThere() {
        Dialer alice = Dialer.alice();
        Dialer again = Dialer.alice();
        connect(alice, 0);
        connect(again, 1);
        world.configure(World.NETWORK, users("4M", "1M"));
        assertThat(bits(tunnel(alice).limits().upload())).isEqualTo(4_000_000);
        assertThat(bits(tunnel(alice).limits().download())).isEqualTo(1_000_000);
        assertThat(tunnel(again).limits()).isEqualTo(tunnel(alice).limits());
        TunnelLimits same = tunnel(alice).limits();
        world.configure(World.NETWORK, users("4M", "1M"));
        assertThat(tunnel(alice).limits()).isEqualTo(same);
        world.configure(World.NETWORK, World.USERS);
        assertThat(tunnel(alice).limits()).isEqualTo(TunnelLimits.NONE);
        LoginTest.assertPingsPass(world, alice);
    }

    @Test
    void whatIsChangedForOneSessionOfAUserIsItsOwn() {
        Dialer alice = Dialer.alice();
        Line line = LoginTest.connect(world, HOME, alice);
        TunnelLimits other = connect(Dialer.alice(), 1);
        Terms.Limits octets = new Terms.Limits(OptionalInt.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.of(new OctetLimit(0, 0, 1_000_000, 0)));
        world.sessions.change(line.session(), line.session().terms().with(octets), world.now());
        assertThat(tunnel(alice).limits())
                .isEqualTo(new TunnelLimits(Optional.empty(), Optional.empty(), octets.octets()));
        assertThat(bits(other.upload())).isEqualTo(2_000_000);
    }

    @Test
    void aSessionEndsThatHasHadAllItsBytes() {
        Dialer alice = Dialer.alice();
        connect(alice, 0);
        tunnel(alice).useUp();
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.OCTETS_USED_UP);
        assertThat(alice.end.orElseThrow().detail()).contains("Traffic limit reached");
    }
}
