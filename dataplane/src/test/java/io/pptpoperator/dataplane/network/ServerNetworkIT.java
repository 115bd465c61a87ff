package io.pptpoperator.dataplane.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.address.Ipv4Prefix;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunDevice.Offload;
import io.pptpoperator.dataplane.linux.TunQueue;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server's namespace with a TUN device, joined by an uplink to a namespace with the host that clients want to reach. */
class ServerNetworkIT {

    private static final String UPLINK = "pptpit1";
    private static final String TUN = "pptpit0";
    private static final Ipv4Address CLIENT = Ipv4Address.parse("10.8.0.5");
    private static final Ipv4Address WEB = Ipv4Address.parse("203.0.113.2");

    private NetworkNamespace server;
    private NetworkNamespace web;

    @BeforeEach
    void enterNamespaces() {
        Requirement.root();
        Requirement.programs("ip", "nft");
        server = new NetworkNamespace();
        web = new NetworkNamespace();
        server.command("ip", "link", "add", UPLINK, "type", "veth", "peer", "name", "pptpit2", "netns",
                web.id());
        server.command("ip", "addr", "add", "198.51.100.1/24", "dev", UPLINK);
        server.command("ip", "link", "set", UPLINK, "up");
        // The host behind the uplink knows the server's own address, and nothing of the clients'.
        web.command("ip", "addr", "add", "198.51.100.2/24", "dev", "pptpit2");
        web.command("ip", "addr", "add", WEB + "/32", "dev", "pptpit2");
        web.command("ip", "link", "set", "pptpit2", "up");
        server.command("ip", "route", "add", "default", "via", "198.51.100.2");
    }

    @AfterEach
    void leaveNamespaces() {
        Stream.of(server, web).filter(namespace -> namespace != null).forEach(NetworkNamespace::close);
    }

    private static NetworkPlan plan(String... clients) {
        return new NetworkPlan(TUN, Ipv4Address.parse("192.168.10.1"), OptionalInt.empty(), prefixes(clients),
                prefixes("172.20.0.0/16"), true, Optional.empty(), List.of());
    }

    private static List<Ipv4Prefix> prefixes(String... prefixes) {
        return Stream.of(prefixes).map(Ipv4Prefix::parse).toList();
    }

    private static String nft() throws Exception {
        return NetworkNamespace.output("nft", "list", "ruleset");
    }

    private static String routes() throws Exception {
        return NetworkNamespace.output("ip", "route", "show", "dev", TUN);
    }

    @Test
    void everythingIsSetUpAndNothingIsLeftBehind() {
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE)) {
                ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"));
                assertThat(tun.name()).isEqualTo(TUN);
                assertThat(network.problems()).isEmpty();
                assertThat(network.mtu()).isEqualTo(1400);
                assertThat(network.uplink()).contains(UPLINK);
                assertThat(NetworkNamespace.output("ip", "addr", "show", "dev", TUN)).contains("mtu 1500",
                        "inet 192.168.10.1/32", ",UP", "qlen 5000").doesNotContain("inet6");
                assertThat(routes()).isEqualToIgnoringWhitespace(
                        "10.8.0.0/24 proto 147 scope link src 192.168.10.1");
                assertThat(nft()).contains("table ip pptp-operator-" + TUN,
                        "oifname \"pptpit1\" ip saddr @clients masquerade");
                assertThat(forwarding(UPLINK)).isEqualTo("1");
                assertThat(forwarding("lo")).isEqualTo("0");
                assertThat(network.heal()).isEqualTo(new Healing(List.of(), List.of()));
                network.close();
                network.close();
                assertThat(network.problems()).containsExactly("the network is not set up");
                assertThat(nft()).isEmpty();
                assertThat(routes()).isEmpty();
                assertThat(NetworkNamespace.output("ip", "-4", "addr", "show", "dev", TUN)).isEmpty();
                assertThat(forwarding(UPLINK)).isEqualTo("0");
            }
        });
    }

    private static String forwarding(String link) throws Exception {
        return NetworkNamespace.output("cat", "/proc/sys/net/ipv4/conf/" + link + "/forwarding").strip();
    }

    @Test
    void aClientReachesAHostThatDoesNotKnowItThroughAFirewallThatForwardsNothing() {
        server.command("nft", """
                table ip filter {
                    chain FORWARD { type filter hook forward priority filter; policy drop; }
                }
                table inet firewall {
                    chain through {
                        type filter hook forward priority filter + 10
                        reject with icmpx admin-prohibited
                    }
                }
                """);
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(network.problems()).isEmpty();
                assertThat(ping(tun.queues().get(0))).isTrue();
                assertThat(NetworkNamespace.output("nft", "list", "table", "ip", "filter")).containsOnlyOnce(
                        "iifname \"pptpit0\" counter packets 1 bytes 84 accept comment \"pptp-operator pptpit0\"");
            }
            assertThat(nft()).doesNotContain("pptp-operator", TUN).contains("chain FORWARD", "chain through");
        });
    }

    /** Sends an echo request as the client, and tells whether the answer comes back. */
    private static boolean ping(TunQueue queue) {
        NativeBuffer memory = NativeBuffer.ofPackets(2048);
        ByteBuffer packet = memory.buffer();
        int length = 84;
        packet.putShort(0, (short) 0x4500).putShort(2, (short) length).put(8, (byte) 64).put(9, (byte) 1)
                .putInt(12, CLIENT.bits()).putInt(16, WEB.bits());
        packet.putShort(10, checksum(packet, 0, 20));
        packet.put(20, (byte) 8).putShort(24, (short) 7).putShort(26, (short) 1);
        packet.putShort(22, checksum(packet, 20, length));
        assertThat(queue.write(memory.address(), length)).isEqualTo(length);
        Poller poller = new Poller(1);
        poller.add(queue.fd(), Poller.READABLE);
        while (poller.await(Await.PATIENCE.toNanos()) > 0) {
            // The kernel may have IPv6 neighbour discovery of its own to send.
            if (queue.read(memory.address(), memory.size()) == length && packet.get(0) == 0x45) {
                return packet.get(20) == 0 && packet.getInt(12) == WEB.bits()
                        && packet.getInt(16) == CLIENT.bits();
            }
        }
        return false;
    }

    private static short checksum(ByteBuffer packet, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += packet.getShort(i) & 0xffff;
        }
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft flush ruleset", "nft delete table ip pptp-operator-pptpit0",
            "nft flush chain ip pptp-operator-pptpit0 postrouting",
            "nft flush set ip pptp-operator-pptpit0 clients",
            "nft flush chain ip filter FORWARD", "ip link set pptpit0 down", "ip link set pptpit0 mtu 1200",
            "ip addr flush dev pptpit0", "ip route del 10.8.0.0/24",
            "cd /proc/sys/net/ipv4; echo 1 > ip_forward; echo 0 > ip_forward"})
    void whatSomebodyUndoesIsPutBackSoon(String command) {
        server.command("nft", "add table ip filter; add chain ip filter FORWARD"
                + " { type filter hook forward priority filter; policy drop; }");
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                BlockingQueue<Healing> healings = new LinkedBlockingQueue<>();
                try (NetworkWatch watch = NetworkWatch.start(network, healings::add)) {
                    NetworkNamespace.output("sh", "-c", command);
                    // A check that was under way when it happened may have seen half of it, and failed: the next counts.
                    // The promise is five seconds; the rest is for slow machines.
                    Await.until("the watch has put it right", Duration.ofSeconds(30),
                            () -> watch.repairs() > 0 && watch.problems().isEmpty()
                                    && network.problems().isEmpty());
                }
                assertThat(healings).anySatisfy(healing -> assertThat(healing.repaired()).isNotEmpty());
                assertThat(network.problems()).isEmpty();
                assertThat(ping(tun.queues().get(0))).isTrue();
            }
        });
    }

    @Test
    void aRemovedTunDeviceIsReported() {
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                BlockingQueue<Healing> healings = new LinkedBlockingQueue<>();
                try (NetworkWatch watch = NetworkWatch.start(network, healings::add)) {
                    NetworkNamespace.output("ip", "link", "delete", tun.name());
                    List<String> gone = List.of("the TUN device pptpit0 is gone: restart the server");
                    // A check that was under way when it went may have failed otherwise: the next counts.
                    Await.until("the watch says what is wrong", Await.PATIENCE,
                            () -> watch.problems().equals(gone));
                    assertThat(healings).anySatisfy(healing -> assertThat(healing.failed()).isEqualTo(gone));
                }
            }
        });
    }

    @Test
    void forwardingThatAKilledPredecessorSwitchedOnIsSwitchedOffInTheEnd() {
        server.run(() -> {
            assertThat(forwarding(UPLINK)).isEqualTo("0");
            for (int i = 0; i < 2; i++) {
                try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE)) {
                    assertThat(ServerNetwork.setUp(plan("10.8.0.0/24")).uplink()).contains(UPLINK);
                    assertThat(tun.queues()).hasSize(1);
                }
                assertThat(forwarding(UPLINK)).as("after a kill").isEqualTo("1");
            }
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(tun.queues()).hasSize(1);
                assertThat(network.heal()).isEqualTo(new Healing(List.of(), List.of()));
            }
            assertThat(forwarding(UPLINK)).isEqualTo("0");
        });
    }

    @Test
    void aCrashedPredecessorsRulesAreReplacedAndNotDoubled() {
        server.command("nft", "add table ip filter; add chain ip filter FORWARD"
                + " { type filter hook forward priority filter; policy drop; }");
        server.run(() -> {
            // Closing the device alone is what the kernel does for a process that was killed.
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE)) {
                assertThat(tun.queues()).hasSize(1);
                ServerNetwork.setUp(plan("10.8.0.0/24", "10.9.0.0/24"));
            }
            assertThat(nft()).contains("10.9.0.0/24");
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(network.problems()).isEmpty();
                assertThat(nft()).containsOnlyOnce("masquerade").containsOnlyOnce("iifname \"pptpit0\"")
                        .containsOnlyOnce("oifname \"pptpit0\"").doesNotContain("10.9.0.0/24");
                assertThat(ping(tun.queues().get(0))).isTrue();
            }
            assertThat(nft()).doesNotContain("pptp");
        });
    }

    @Test
    void iptablesListsOurRulesAndKeepsItsOwn() {
        Requirement.programs("iptables-nft");
        server.command("iptables-nft", "-P", "FORWARD", "DROP");
        server.command("iptables-nft", "-A", "FORWARD", "-i", "docker0", "-j", "ACCEPT");
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE)) {
                try (ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                    assertThat(network.problems()).isEmpty();
                    assertThat(NetworkNamespace.output("iptables-nft", "-S", "FORWARD").lines())
                            .containsExactly(
                                    "-P FORWARD DROP",
                                    "-A FORWARD -i pptpit0 -m comment --comment \"pptp-operator pptpit0\" -j ACCEPT",
                                    "-A FORWARD -o pptpit0 -m comment --comment \"pptp-operator pptpit0\" -j ACCEPT",
                                    "-A FORWARD -i docker0 -j ACCEPT");
                    assertThat(ping(tun.queues().get(0))).isTrue();
                    NetworkNamespace.output("iptables-nft", "-P", "FORWARD", "ACCEPT");
                    assertThat(network.heal().repaired()).containsExactly(
                            "the nftables chain ip filter FORWARD accepts packets of pptpit0 without need");
                    NetworkNamespace.output("iptables-nft", "-A", "FORWARD", "-j", "REJECT");
                    assertThat(network.heal().repaired())
                            .containsExactly(
                                    "the nftables chain ip filter FORWARD refuses packets of pptpit0");
                }
                assertThat(NetworkNamespace.output("iptables-nft", "-S", "FORWARD")).doesNotContain(TUN)
                        .contains("docker0");
            }
        });
    }

    @Test
    void aUsersNetworkIsRoutedWhileASessionWantsIt() {
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(tun.name()).isEqualTo(TUN);
                Ipv4Prefix planned = Ipv4Prefix.parse("172.20.0.0/16");
                network.addRoute(planned);
                network.addRoute(planned);
                assertThat(routes()).containsOnlyOnce("172.20.0.0/16 proto 147");
                network.removeRoute(planned);
                assertThat(routes()).contains("172.20.0.0/16");
                NetworkNamespace.output("ip", "route", "del", "172.20.0.0/16");
                assertThat(network.heal().repaired())
                        .containsExactly("172.20.0.0/16 is not routed to pptpit0");
                network.removeRoute(planned);
                network.removeRoute(planned);
                assertThat(routes()).doesNotContain("172.20.0.0/16");
                network.addRoute(Ipv4Prefix.parse("172.30.0.0/24"));
                assertThat(nft()).contains("172.30.0.0/24");
                assertThat(network.problems()).isEmpty();
                network.addRoute(Ipv4Prefix.parse("10.8.0.0/24"));
                network.removeRoute(Ipv4Prefix.parse("10.8.0.0/24"));
                assertThat(network.problems()).isEmpty();
                NetworkNamespace.output("ip", "route", "add", "172.31.0.0/16", "dev", UPLINK);
                assertThatThrownBy(() -> network.addRoute(Ipv4Prefix.parse("172.31.0.0/16")))
                        .isInstanceOf(LinuxException.class).hasMessageContaining("cannot route 172.31.0.0/16")
                        .hasMessageContaining("EEXIST");
                assertThat(network.problems()).isEmpty();
            }
        });
    }

    @Test
    void aNewPlanAppliesLive() {
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(network.update(plan("10.9.0.0/24")).failed()).isEmpty();
                assertThat(routes()).contains("10.9.0.0/24").doesNotContain("10.8.0.0/24");
                assertThat(nft()).contains("10.9.0.0/24").doesNotContain("10.8.0.0/24");
                NetworkPlan routed = new NetworkPlan(TUN, Ipv4Address.parse("192.168.10.1"),
                        OptionalInt.of(1300),
                        prefixes("10.9.0.0/24"), List.of(), false, Optional.empty(), List.of());
                assertThat(network.update(routed).failed()).isEmpty();
                assertThat(nft()).isEmpty();
                assertThat(network.mtu()).isEqualTo(1300);
                assertThat(NetworkNamespace.output("ip", "link", "show", tun.name())).contains("mtu 1500");
                NetworkPlan moved = new NetworkPlan(TUN, Ipv4Address.parse("192.168.11.1"),
                        OptionalInt.empty(),
                        List.of(), List.of(), false, Optional.empty(), List.of());
                assertThatThrownBy(() -> network.update(moved)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("192.168.10.1 stays");
            }
        });
    }

    @Test
    void theRulesFollowTheDefaultRoute() {
        server.command("ip", "link", "add", "pptpit3", "type", "veth", "peer", "name", "pptpit4");
        server.command("ip", "link", "set", "pptpit3", "mtu", "1420");
        server.command("ip", "link", "set", "pptpit4", "up");
        server.command("ip", "addr", "add", "100.64.0.1/24", "dev", "pptpit3");
        server.command("ip", "link", "set", "pptpit3", "up");
        server.run(() -> {
            NetworkPlan plan = new NetworkPlan(TUN, Ipv4Address.parse("192.168.10.1"), OptionalInt.empty(),
                    prefixes("10.8.0.0/24"), List.of(), true, Optional.empty(), prefixes("192.0.2.0/24"));
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan)) {
                assertThat(nft())
                        .contains("oifname \"pptpit1\" ip saddr @clients ip daddr != @excluded masquerade");
                NetworkNamespace.output("ip", "route", "del", "default");
                assertThat(network.problems()).isEmpty();
                NetworkNamespace.output("ip", "route", "add", "default", "dev", "pptpit3");
                assertThat(network.heal().failed()).isEmpty();
                assertThat(network.uplink()).contains("pptpit3");
                assertThat(network.mtu()).isEqualTo(1376);
                assertThat(forwarding("pptpit3")).isEqualTo("1");
                assertThat(nft()).contains("oifname \"pptpit3\"")
                        .doesNotContain("oifname \"pptpit1\"");
                assertThat(NetworkNamespace.output("ip", "link", "show", tun.name())).contains("mtu 1500");
                NetworkNamespace.output("ip", "link", "delete", "pptpit3");
                assertThat(network.problems()).isEmpty();
            }
        });
    }

    @Test
    void withoutADefaultRouteEverythingThatLeavesIsRewritten() {
        server.command("ip", "route", "replace", WEB.toString(), "dev", UPLINK);
        server.command("ip", "route", "del", "default");
        server.run(() -> {
            StartupChecks.Findings findings = StartupChecks.run(plan("10.8.0.0/24"));
            assertThat(findings.failures()).isEmpty();
            assertThat(findings.warnings()).singleElement().asString()
                    .startsWith("this host has no default route");
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(network.uplink()).isEmpty();
                assertThat(nft()).contains("oifname != \"pptpit0\" ip saddr @clients masquerade");
                assertThat(ping(tun.queues().get(0))).isTrue();
            }
        });
    }

    @Test
    void obstaclesAreNamedBeforeAnythingIsChanged() {
        server.run(() -> {
            assertThat(StartupChecks.run(plan("10.8.0.0/24"))).isEqualTo(new StartupChecks.Findings(List.of(),
                    List.of()));
            assertThat(StartupChecks.run(plan("198.51.100.100/30")).failures()).singleElement().asString()
                    .startsWith("198.51.100.100/30 of the clients' addresses overlaps 198.51.100.0/24");
            NetworkPlan wrongUplink = new NetworkPlan(UPLINK, Ipv4Address.parse("198.51.100.1"),
                    OptionalInt.empty(),
                    List.of(), List.of(), true, Optional.of("eth7"), List.of());
            assertThat(StartupChecks.run(wrongUplink).failures()).hasSize(3)
                    .anySatisfy(
                            failure -> assertThat(failure).startsWith("network.tun pptpit1 is the name of"))
                    .anySatisfy(failure -> assertThat(failure)
                            .startsWith("network.localAddress 198.51.100.1 is an"))
                    .anySatisfy(failure -> assertThat(failure)
                            .isEqualTo(
                                    "network.nat.uplink eth7 does not exist: choose one of pptpit1, or auto"));
            assertThatThrownBy(() -> ServerNetwork.setUp(plan("10.8.0.0/24")))
                    .isInstanceOf(NetworkSetupException.class)
                    .hasMessageContaining("the TUN device pptpit0 is gone");
            assertThat(nft()).isEmpty();
        });
    }
}
