package io.pptpoperator.dataplane.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Route;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OverlapsTest {

    private static final List<Link> LINKS = List.of(new Link(2, "eth0", 1500, true, false, true, OptionalLong.empty()),
            new Link(3, "pptpd0", 1400, true, false, false, OptionalLong.empty()));
    private static final NetworkPlan PLAN = new NetworkPlan("pptpd0", Ipv4Address.parse("192.168.10.1"),
            OptionalInt.empty(), List.of(Ipv4Prefix.parse("10.8.0.0/24"), Ipv4Prefix.parse("192.168.10.100/30")),
            List.of(Ipv4Prefix.parse("172.20.0.0/16")), true, Optional.empty(), List.of(), List.of(), false);

    private static List<String> find(List<InterfaceAddress> addresses, List<Route> routes) {
        return Overlaps.find(PLAN, host(addresses, routes));
    }

    private static HostNetworks host(List<InterfaceAddress> addresses, List<Route> routes) {
        return HostNetworks.of("pptpd0", LINKS, addresses, routes);
    }

    private static InterfaceAddress address(int link, String address, int length) {
        Ipv4Address parsed = Ipv4Address.parse(address);
        int mask = -1 << 32 - length;
        return new InterfaceAddress(link, parsed, new Ipv4Prefix(new Ipv4Address(parsed.bits() & mask), length));
    }

    private static Route route(int link, String destination, boolean gateway) {
        return new Route(Ipv4Prefix.parse(destination), link,
                gateway ? Optional.of(Ipv4Address.parse("10.1.1.1")) : Optional.empty(), Optional.empty(), Route.MAIN,
                3, Route.UNICAST, 0);
    }

    @Test
    void aHostOfOtherAddressesIsNoObstacle() {
        assertThat(find(List.of(address(2, "10.1.1.5", 24), address(3, "192.168.10.1", 32)).subList(0, 1),
                List.of(route(2, "0.0.0.0/0", true), route(2, "10.1.1.0/24", false), route(3, "10.8.0.0/24", false))))
                .isEmpty();
    }

    @Test
    void aPoolInsideAConnectedNetworkIsNamed() {
        assertThat(find(List.of(address(2, "192.168.10.7", 24)), List.of(route(2, "192.168.10.0/24", false))))
                .containsExactly(
                        "localIP 192.168.10.1 lies in 192.168.10.0/24, which this host reaches through"
                                + " eth0: choose one that is used nowhere else, or one that this host has itself",
                        "192.168.10.100/30 of the clients' addresses overlaps 192.168.10.0/24, which this host reaches"
                                + " through eth0: choose addresses for pools that are used nowhere else");
    }

    @Test
    void aWiderNetworkBehindARouterIsNoObstacleButANarrowerOneIs() {
        assertThat(find(List.of(), List.of(route(2, "10.0.0.0/8", true)))).isEmpty();
        assertThat(find(List.of(), List.of(route(2, "10.8.0.0/25", true)))).singleElement()
                .asString()
                .startsWith("10.8.0.0/24 of the clients' addresses overlaps 10.8.0.0/25");
    }

    @Test
    void aUsersNetworkKeepsNoServerFromStarting() {
        List<Route> routes = List.of(route(2, "172.20.0.0/16", true));
        assertThat(find(List.of(), routes)).isEmpty();
        assertThat(host(List.of(), routes).overlap(Ipv4Prefix.parse("172.20.0.0/16"), false))
                .contains("overlaps 172.20.0.0/16, which this host reaches through eth0");
    }

    @Test
    void aRouterIsTheHostsEvenWhereItLiesInNoNetworkOfAnInterface() {
        HostNetworks host = host(List.of(), List.of(route(2, "0.0.0.0/0", true)));

        assertThat(host.overlap(Ipv4Prefix.parse("10.1.1.1/32"), false))
                .contains("overlaps 10.1.1.1/32, which this host reaches through eth0");
        assertThat(host.overlap(Ipv4Prefix.parse("10.1.1.2/32"), false)).isEmpty();
    }

    @Test
    void theServersOwnAddressMayBeOneThatTheHostHas() {
        assertThat(find(List.of(address(2, "192.168.10.1", 32)), List.of())).isEmpty();
        assertThat(find(List.of(address(2, "192.168.10.1", 27)), List.of(route(2, "192.168.10.0/27", false))))
                .isEmpty();
    }

    @Test
    void withProxyArpClientsMayBeInsideTheNetworkOfAnInterface() {
        HostNetworks host = host(List.of(address(2, "192.168.10.7", 24)),
                List.of(route(2, "192.168.10.0/24", false),
                        new Route(Ipv4Prefix.parse("0.0.0.0/0"), 2, Optional.of(Ipv4Address.parse("192.168.10.254")),
                                Optional.empty(), Route.MAIN, 3, Route.UNICAST, 0)));
        assertThat(host.overlap(Ipv4Prefix.parse("192.168.10.100/30"), true)).isEmpty();
        assertThat(host.overlap(Ipv4Prefix.parse("192.168.10.100/30"), false)).isPresent();
        for (String taken : List.of("192.168.10.4/30", "192.168.10.252/30", "192.168.10.0/30", "192.168.10.255/32",
                "192.168.10.0/24", "192.168.0.0/16")) {
            assertThat(host.overlap(Ipv4Prefix.parse(taken), true)).as(taken).isPresent();
        }
    }

}
