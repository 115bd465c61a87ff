package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Neighbour;
import io.pptpoperator.dataplane.linux.netlink.OutputRoute;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextHopChoiceTest {

    private static final Ipv4Address PEER = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address LOCAL = Ipv4Address.parse("198.51.100.1");
    private static final Ipv4Address GATEWAY = Ipv4Address.parse("198.51.100.254");
    private static final Link ETHERNET = new Link(3, "eth0", 1500, true, false, true, OptionalLong.empty());
    private static final OutputRoute ON_LINK = new OutputRoute(3, Optional.empty(), LOCAL, true);
    private static final OutputRoute ROUTED = new OutputRoute(3, Optional.of(GATEWAY), LOCAL, true);
    private static final long HARDWARE = 0x0200_5e00_5301L;

    private static Optional<Ipv4Address> neighbour(OutputRoute route, Link link, Ipv4Address local) {
        return NextHopChoice.neighbour(route, Optional.ofNullable(link), PEER, local);
    }

    @Test
    void theNeighbourIsTheGatewayOrThePeerItself() {
        assertThat(neighbour(ON_LINK, ETHERNET, LOCAL)).contains(PEER);
        assertThat(neighbour(ROUTED, ETHERNET, LOCAL)).contains(GATEWAY);
        assertThat(neighbour(ROUTED, ETHERNET, Ipv4Address.ANY)).contains(GATEWAY);
    }

    @Test
    void onlyTheKernelCanSendWhereItDoesMoreThanForward() {
        assertThat(neighbour(new OutputRoute(3, Optional.of(GATEWAY), LOCAL, false), ETHERNET, LOCAL)).isEmpty();
        assertThat(neighbour(ROUTED, null, LOCAL)).isEmpty();
        assertThat(neighbour(ROUTED, new Link(3, "eth0", 1500, false, false, true, OptionalLong.empty()), LOCAL))
                .isEmpty();
        assertThat(neighbour(ROUTED, new Link(3, "wg0", 1420, true, false, false, OptionalLong.empty()), LOCAL))
                .isEmpty();
    }

    @Test
    void theSourceMustBeTheAddressThatTheClientDialled() {
        assertThat(neighbour(ROUTED, ETHERNET, LOCAL.plus(1))).isEmpty();
        OutputRoute sourceless = new OutputRoute(3, Optional.of(GATEWAY), Ipv4Address.ANY, true);
        assertThat(neighbour(sourceless, ETHERNET, Ipv4Address.ANY)).isEmpty();
    }

    /** NUD_ bits of linux/neighbour.h. */
    @ParameterizedTest
    @CsvSource({"0x00, false", "0x01, false", "0x02, true", "0x04, false", "0x08, true", "0x10, true", "0x20, false",
            "0x40, false", "0x80, true"})
    void onlyAFreshNeighbourIsSentTo(String state, boolean used) {
        Neighbour neighbour = new Neighbour(3, GATEWAY, Integer.decode(state), OptionalLong.of(HARDWARE));
        Optional<NextHop> nextHop = NextHopChoice.nextHop(ROUTED, ETHERNET, Optional.of(neighbour), Optional.empty());
        assertThat(nextHop).isEqualTo(
                used ? Optional.of(new NextHop(3, HARDWARE, 1500, LOCAL, Optional.empty())) : Optional.empty());
    }

    @Test
    void aNeighbourWithoutEthernetAddressIsNotSentTo() {
        Neighbour permanent = new Neighbour(3, GATEWAY, 0x80, OptionalLong.empty());
        assertThat(NextHopChoice.nextHop(ROUTED, ETHERNET, Optional.of(permanent), Optional.empty())).isEmpty();
        assertThat(NextHopChoice.nextHop(ROUTED, ETHERNET, Optional.empty(), Optional.empty())).isEmpty();
    }
}
