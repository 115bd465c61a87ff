package io.pptpoperator.dataplane.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunDevice.Offload;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rtnetlink sets, as iproute2 sees it, and the other way round. */
class RtnetlinkIT {

    private static final Ipv4Address LOCAL = Ipv4Address.parse("192.168.10.1");
    private static final Ipv4Prefix POOL = Ipv4Prefix.parse("10.8.0.0/24");
    private static final int PROTOCOL = 147;

    private NetworkNamespace namespace;

    @BeforeEach
    void enterNamespace() {
        Requirement.root();
        Requirement.programs("ip");
        namespace = new NetworkNamespace();
        namespace.command("ip", "link", "add", "pptpit1", "type", "veth", "peer", "name", "pptpit2");
    }

    @AfterEach
    void leaveNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void linksAreFoundAndChanged() {
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                assertThat(rtnetlink.links()).extracting(Link::name).contains("lo", "pptpit1", "pptpit2");
                assertThat(rtnetlink.link("pptpit9")).isEmpty();
                assertThat(rtnetlink.link("lo")).map(Link::loopback).contains(true);
                Link link = rtnetlink.link("pptpit1").orElseThrow();
                assertThat(link.up()).isFalse();
                rtnetlink.setUp(link, true);
                rtnetlink.setMtu(link, 1376);
                assertThat(rtnetlink.link("pptpit1"))
                        .contains(new Link(link.index(), "pptpit1", 1376, true, false, false, link.hardwareAddress()));
                assertThat(NetworkNamespace.output("ip", "link", "show", "pptpit1").replace(":", ""))
                        .contains("%012x".formatted(link.hardwareAddress().orElseThrow()));
                assertThat(NetworkNamespace.output("ip", "link", "show", "pptpit1")).contains("mtu 1376", ",UP");
                rtnetlink.setUp(link, false);
                assertThat(rtnetlink.link("pptpit1")).map(Link::up).contains(false);
            }
        });
    }

    @Test
    void theKernelsExplanationIsInTheException() {
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                Link link = rtnetlink.link("pptpit1").orElseThrow();
                assertThatThrownBy(() -> rtnetlink.setMtu(link, 3))
                        .isInstanceOfSatisfying(NetlinkException.class, e -> assertThat(e.kernelMessage()).isNotEmpty())
                        .hasMessageStartingWith("cannot set the MTU of pptpit1 to 3: ")
                        .hasMessageEndingWith("[netlink: EINVAL, invalid argument]");
                assertThatThrownBy(() -> rtnetlink.addRoute(link, POOL, LOCAL, PROTOCOL))
                        .isInstanceOf(NetlinkException.class)
                        .hasMessageContaining("cannot route 10.8.0.0/24");
            }
        });
    }

    @Test
    void addressesComeAndGo() {
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                Link link = rtnetlink.link("pptpit1").orElseThrow();
                rtnetlink.addAddress(link, LOCAL, Optional.empty());
                rtnetlink.addAddress(link, LOCAL, Optional.empty());
                rtnetlink.addAddress(link, Ipv4Address.parse("10.1.1.1"), Optional.of(Ipv4Address.parse("10.1.1.2")));
                assertThat(NetworkNamespace.output("ip", "-4", "addr", "show", "pptpit1"))
                        .containsOnlyOnce("inet 192.168.10.1/32 ")
                        .contains("inet 10.1.1.1 peer 10.1.1.2/32");
                assertThat(rtnetlink.addresses()).contains(
                        new InterfaceAddress(link.index(), LOCAL, Ipv4Prefix.parse("192.168.10.1/32")),
                        new InterfaceAddress(link.index(), Ipv4Address.parse("10.1.1.1"),
                                Ipv4Prefix.parse("10.1.1.2/32")));
                rtnetlink.removeAddress(link, LOCAL);
                rtnetlink.removeAddress(link, LOCAL);
                assertThat(rtnetlink.addresses()).extracting(InterfaceAddress::address).doesNotContain(LOCAL);
            }
        });
    }

    @Test
    void routesCarryTheirTagAndNeverReplaceAnothers() {
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                Link link = rtnetlink.link("pptpit1").orElseThrow();
                rtnetlink.setUp(link, true);
                rtnetlink.addAddress(link, LOCAL, Optional.empty());
                rtnetlink.addRoute(link, POOL, LOCAL, PROTOCOL);
                assertThat(NetworkNamespace.output("ip", "route", "show", "table", "main"))
                        .contains("10.8.0.0/24 dev pptpit1 proto 147 scope link src 192.168.10.1");
                Route route = rtnetlink.routes(Route.MAIN, OptionalInt.of(link.index())).get(0);
                assertThat(route).isEqualTo(new Route(POOL, link.index(), Optional.empty(), Optional.of(LOCAL),
                        Route.MAIN, PROTOCOL, Route.UNICAST, 0));
                assertThat(rtnetlink.routeTo(Ipv4Address.parse("10.8.0.77"))).map(Route::linkIndex)
                        .contains(link.index());
                assertThat(rtnetlink.routeTo(Ipv4Address.parse("10.9.0.1"))).isEmpty();
                assertThatThrownBy(() -> rtnetlink.addRoute(link, POOL, LOCAL, PROTOCOL)).isInstanceOfSatisfying(
                        NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
                rtnetlink.removeRoute(link, POOL, PROTOCOL + 1);
                assertThat(rtnetlink.routes(Route.MAIN, OptionalInt.empty())).contains(route);
                rtnetlink.removeRoute(link, POOL, PROTOCOL);
                rtnetlink.removeRoute(link, POOL, PROTOCOL);
                assertThat(rtnetlink.routes(Route.MAIN, OptionalInt.empty())).isEmpty();
            }
        });
    }

    @Test
    void aRouteIsAddedAndRemovedAsItIsDescribed() {
        namespace.command("ip", "addr", "add", "10.3.0.2/24", "dev", "pptpit1");
        namespace.command("ip", "link", "set", "pptpit1", "up");
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                int index = rtnetlink.link("pptpit1").orElseThrow().index();
                Route first = new Route(Ipv4Prefix.parse("198.51.100.1/32"), index,
                        Optional.of(Ipv4Address.parse("10.3.0.1")), Optional.empty(), Route.MAIN, 148, Route.UNICAST,
                        7);
                Route second = new Route(first.destination(), index, Optional.empty(), Optional.empty(), Route.MAIN,
                        148, Route.UNICAST, 8);
                rtnetlink.addRoute(first);
                rtnetlink.addRoute(second);
                assertThat(NetworkNamespace.output("ip", "route", "show", "proto", "148")).contains(
                        "198.51.100.1 via 10.3.0.1 dev pptpit1 metric 7",
                        "198.51.100.1 dev pptpit1 scope link metric 8");
                assertThat(rtnetlink.routes(Route.MAIN, OptionalInt.of(index))).contains(first, second);
                assertThatThrownBy(() -> rtnetlink.addRoute(first)).isInstanceOf(NetlinkException.class)
                        .hasMessageContaining("198.51.100.1/32 via 10.3.0.1");
                rtnetlink.removeRoute(first);
                rtnetlink.removeRoute(first);
                assertThat(rtnetlink.routes(Route.MAIN, OptionalInt.of(index))).contains(second).doesNotContain(first);
            }
        });
    }

    @Test
    void theDefaultRouteIsRecognised() {
        namespace.command("ip", "addr", "add", "10.3.0.2/24", "dev", "pptpit1");
        namespace.command("ip", "link", "set", "pptpit1", "up");
        namespace.command("ip", "route", "add", "default", "via", "10.3.0.1", "metric", "50");
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                assertThat(rtnetlink.routes(Route.MAIN, OptionalInt.empty())).filteredOn(Route::isDefault)
                        .singleElement()
                        .satisfies(route -> {
                            assertThat(route.gateway()).contains(Ipv4Address.parse("10.3.0.1"));
                            assertThat(route.metric()).isEqualTo(50);
                        });
            }
        });
    }

    @Test
    void forwardingAndReversePathFilterAreSetThroughNetlink() {
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                Link link = rtnetlink.link("pptpit1").orElseThrow();
                assertThat(rtnetlink.ipv4Conf(link).forwarding()).isFalse();
                rtnetlink.setForwarding(link, true);
                rtnetlink.setReversePathFilter(link, 2);
                assertThat(rtnetlink.ipv4Conf(link)).isEqualTo(new Ipv4Conf(true, 2));
                assertThat(rtnetlink.ipv4ConfOfAll().forwarding()).isFalse();
                assertThat(Files.readString(Path.of("/proc/sys/net/ipv4/conf/pptpit1/forwarding")).strip())
                        .isEqualTo("1");
                assertThat(Files.readString(Path.of("/proc/sys/net/ipv4/conf/pptpit2/forwarding")).strip())
                        .isEqualTo("0");
                rtnetlink.setForwarding(link, false);
                assertThat(rtnetlink.ipv4Conf(link).forwarding()).isFalse();
            }
        });
    }

    @Test
    void aTunDeviceGetsNoIpv6AddressOfItsOwnAccord() {
        namespace.run(() -> {
            try (TunDevice tun = TunDevice.open("pptpit0", 1, Offload.NONE); Rtnetlink rtnetlink = Rtnetlink.open()) {
                Link link = rtnetlink.link(tun.name()).orElseThrow();
                rtnetlink.withoutIpv6Addresses(link);
                rtnetlink.setUp(link, true);
                assertThat(NetworkNamespace.output("ip", "-6", "addr", "show", "dev", "pptpit0")).isEmpty();
            }
        });
    }

    @Test
    void theWayOfThisHostsPacketsIsTheKernels() {
        namespace.command("sh", "-c",
                "ip addr add 10.3.0.2/24 dev pptpit1; ip link set pptpit1 up;"
                        + " ip link set pptpit2 up; ip route add default via 10.3.0.1;"
                        + " ip route add 203.0.113.0/24 via 10.3.0.1 hoplimit 9;"
                        + " ip route add 192.0.2.0/24 dev pptpit1; ip route add unreachable 198.51.100.0/24");
        Ipv4Address own = Ipv4Address.parse("10.3.0.2");
        Ipv4Address far = Ipv4Address.parse("9.9.9.9");
        namespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                Link link = rtnetlink.link("pptpit1").orElseThrow();
                assertThat(link.ethernet()).isTrue();
                assertThat(rtnetlink.link("lo")).map(Link::ethernet).contains(false);
                OutputRoute routed = new OutputRoute(link.index(), Optional.of(Ipv4Address.parse("10.3.0.1")), own,
                        true);
                assertThat(rtnetlink.outputRoute(far, Ipv4Address.ANY)).contains(routed);
                assertThat(rtnetlink.outputRoute(far, own)).contains(routed);
                assertThat(rtnetlink.outputRoute(far, own.plus(7))).as("a source that is not ours").isEmpty();
                assertThat(rtnetlink.outputRoute(Ipv4Address.parse("192.0.2.9"), own))
                        .contains(new OutputRoute(link.index(), Optional.empty(), own, true));
                assertThat(rtnetlink.outputRoute(Ipv4Address.parse("198.51.100.9"), own)).isEmpty();
                assertThat(rtnetlink.outputRoute(Ipv4Address.parse("203.0.113.9"), own)).as("a hop limit of its own")
                        .map(OutputRoute::plain)
                        .contains(false);
                assertThat(rtnetlink.outputRoute(own, own)).as("this host").map(OutputRoute::plain).contains(false);
                assertThat(rtnetlink.rulesLookAtProtocol()).isFalse();
                NetworkNamespace.output("ip", "rule", "add", "ipproto", "gre", "table", "main");
                assertThat(rtnetlink.rulesLookAtProtocol()).isTrue();
            }
        });
    }

    @Test
    void neighboursAreKnownUsedAndWatched() {
        namespace.command("sh", "-c", "ip addr add 10.3.0.2/24 dev pptpit1; ip link set pptpit1 up;"
                + " ip link set pptpit2 up;" + " ip neigh add 10.3.0.1 lladdr 02:00:5e:00:53:01 dev pptpit1 nud stale");
        Ipv4Address address = Ipv4Address.parse("10.3.0.1");
        namespace.run(() -> {
            try (NetlinkSocket watch = Rtnetlink.watchOutput(); Rtnetlink rtnetlink = Rtnetlink.open()) {
                int index = rtnetlink.link("pptpit1").orElseThrow().index();
                Neighbours neighbours = rtnetlink.neighbours();
                Neighbour stale = neighbours.find(index, address).orElseThrow();
                assertThat(stale.isStale()).isTrue();
                assertThat(stale.isFresh()).isFalse();
                assertThat(stale.hardwareAddress()).hasValue(0x0200_5e00_5301L);
                assertThat(neighbours.use(index, address)).isTrue();
                assertThat(neighbours.find(index, address)).map(Neighbour::isFresh)
                        .as("being asked for")
                        .contains(true);
                assertThat(neighbours.find(index, address.plus(5))).isEmpty();
                assertThat(neighbours.use(index, address.plus(5))).isFalse();

                watch.takeNotifications();
                NetworkNamespace.output("ip", "neigh", "del", "10.3.0.1", "dev", "pptpit1");
                NetlinkSocket.Notifications news = watch.takeNotifications();
                assertThat(news.incomplete()).isFalse();
                assertThat(news.messages())
                        .flatExtracting(message -> Neighbours.in(message).map(List::of).orElse(List.of()))
                        .isNotEmpty()
                        .allSatisfy(neighbour -> {
                            assertThat(neighbour.address()).isEqualTo(address);
                            assertThat(neighbour.isFresh()).isFalse();
                        });
            }
        });
    }

    @Test
    void changesAreNotified() {
        namespace.run(() -> {
            try (NetlinkSocket watch = Rtnetlink.watch(); Rtnetlink rtnetlink = Rtnetlink.open()) {
                Poller poller = new Poller(1);
                poller.add(watch.fd(), Poller.READABLE);
                watch.drainNotifications();
                assertThat(watch.drainNotifications()).isFalse();
                rtnetlink.addAddress(rtnetlink.link("pptpit1").orElseThrow(), LOCAL, Optional.empty());
                assertThat(poller.await(Await.PATIENCE.toNanos())).isEqualTo(1);
                assertThat(watch.drainNotifications()).isTrue();
                NetworkNamespace.output("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
                assertThat(poller.await(Await.PATIENCE.toNanos())).isEqualTo(1);
            }
        });
    }
}
