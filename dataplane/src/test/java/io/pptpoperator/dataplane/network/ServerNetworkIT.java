package io.pptpoperator.dataplane.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunDevice.Offload;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.address.LocalAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server's namespace with a TUN device, joined by an uplink to a namespace with the host that clients want to reach.
 */
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
        server.command("ip", "link", "add", UPLINK, "type", "veth", "peer", "name", "pptpit2", "netns", web.id());
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
                prefixes("172.20.0.0/16"), true, Optional.empty(), List.of(), List.of(), false);
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
                assertThat(NetworkNamespace.output("ip", "addr", "show", "dev", TUN))
                        .contains("mtu 1500", "inet 192.168.10.1/32", ",UP", "qlen 5000")
                        .doesNotContain("inet6");
                assertThat(routes()).isEqualToIgnoringWhitespace("10.8.0.0/24 proto 147 scope link src 192.168.10.1");
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

    @Test
    void theAdministratorsRulesForTheTunnelComeFirst() {
        Requirement.programs("iptables-nft");
        server.command("iptables-nft", "-P", "FORWARD", "DROP");
        server.command("iptables-nft", "-A", "FORWARD", "-i", TUN, "-d", WEB.toString(), "-j", "DROP");
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(network.problems()).isEmpty();
                sendPing(tun.queues().get(0), WEB);
                Await.until("the administrator's rule counts the packet", Await.PATIENCE,
                        () -> listed("iptables-nft", "-nvxL", "FORWARD").lines()
                                .anyMatch(line -> line.matches(" +1 +84 DROP .*203.0.113.2.*")));
                // Whoever adds a rule adds it behind ours; it counts all the same, and an order of theirs stays.
                NetworkNamespace.output("iptables-nft", "-A", "FORWARD", "-o", TUN, "-j", "REJECT");
                assertThat(network.heal().repaired())
                        .containsExactly("the nftables chain ip filter FORWARD refuses packets of pptpit0");
                assertThat(NetworkNamespace.output("iptables-nft", "-S", "FORWARD")
                        .lines()
                        .skip(1)
                        .map(rule -> rule.contains("pptp-operator")
                                ? "ours"
                                : rule.replaceAll(".* -j ([A-Z]+).*", "$1")))
                        .containsExactly("DROP", "REJECT", "ours", "ours");
                assertThat(network.problems()).isEmpty();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
            table ip filter {
                chain ufw-before { ct state established,related accept; }
                chain ufw-track { ip daddr 192.0.2.1 accept; }
                chain ufw-reject { counter reject; }
                chain FORWARD { type filter hook forward priority filter; policy drop;
                    counter jump ufw-before
                    counter jump ufw-reject
                    counter jump ufw-track
                }
            }
            """, """
            table inet firewalld {
                chain filter_FWD_public { ip protocol icmp ct state invalid drop; reject with icmpx admin-prohibited; }
                chain filter_FORWARD_POLICIES { iifname "docker0" goto filter_FWD_public; goto filter_FWD_public; }
                chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept;
                    ct state { established, related } accept
                    iifname "lo" accept
                    jump filter_FORWARD_POLICIES
                    reject with icmpx admin-prohibited
                }
            }
            """, """
            table ip filter {
                chain DOCKER-USER { return; }
                chain DOCKER-FORWARD { oifname "docker0" ct state established,related accept; }
                chain FORWARD { type filter hook forward priority filter; policy drop;
                    counter jump DOCKER-USER
                    counter jump DOCKER-FORWARD
                }
            }
            """})
    void clientsGetThroughTheFirewallsOfHosts(String firewall) {
        server.command("nft", firewall);
        String before = server.command("nft", "-s", "list", "ruleset");
        web.command("ip", "route", "add", "10.8.0.0/24", "via", "198.51.100.1");
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(network.problems()).isEmpty();
                assertThat(ping(tun.queues().get(0))).isTrue();
                assertThat(network.heal()).isEqualTo(new Healing(List.of(), List.of()));
                assertThat(web.call(() -> pings(CLIENT))).isFalse();
            }
            assertThat(NetworkNamespace.output("nft", "-s", "list", "ruleset")).isEqualTo(before);
        });
    }

    private static boolean pings(Ipv4Address address) throws Exception {
        return NetworkNamespace.output("sh", "-c", "ping -c 1 -W 1 " + address + " && echo yes || true")
                .contains("yes");
    }

    @Test
    void whatNobodyAskedForDoesNotReachClientsThroughTheUplink() {
        web.command("ip", "route", "add", "10.8.0.0/24", "via", "198.51.100.1");
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                assertThat(network.problems()).isEmpty();
                TunQueue queue = tun.queues().get(0);
                assertThat(web.call(() -> pings(CLIENT))).isFalse();
                assertThat(nft()).containsPattern("iifname \"pptpit1\" oifname \"pptpit0\" ct state "
                        + "! established,related ct status ! dnat counter packets 1 bytes 84 drop");
                assertThat(nextEcho(queue, 8, Duration.ZERO)).as("an echo request at the client").isFalse();
                assertThat(ping(queue)).as("the client's own").isTrue();
            }
            NetworkPlan known = new NetworkPlan(TUN, Ipv4Address.parse("192.168.10.1"), OptionalInt.empty(),
                    prefixes("10.8.0.0/24"), List.of(), true, Optional.empty(), prefixes("198.51.100.0/24"), List.of(),
                    false);
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(known)) {
                assertThat(network.problems()).isEmpty();
                web.call(() -> pings(CLIENT));
                assertThat(nextEcho(tun.queues().get(0), 8, Await.PATIENCE))
                        .as("what comes from where clients are known by their own addresses")
                        .isTrue();
            }
        });
    }

    @Test
    void aHostOfTheLanFindsClientsWithAddressesOfTheLan() {
        NetworkPlan inTheLan = new NetworkPlan(TUN, Ipv4Address.parse("198.51.100.1"), OptionalInt.empty(),
                prefixes("198.51.100.200/29"), List.of(), true, Optional.empty(), List.of(), List.of(), true);
        Ipv4Address client = Ipv4Address.parse("198.51.100.201");
        server.run(() -> {
            assertThat(StartupChecks.run(inTheLan).failures()).isEmpty();
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE)) {
                TunQueue queue = tun.queues().get(0);
                try (ServerNetwork network = ServerNetwork.setUp(inTheLan)) {
                    assertThat(network.problems()).isEmpty();
                    assertThat(web.call(() -> pings(client))).as("nobody is there").isFalse();
                    assertThat(nextEcho(queue, 8, Duration.ZERO)).isFalse();

                    network.addClient(client);
                    assertThat(network.problems()).isEmpty();
                    assertThat(proxies()).containsExactly(client + " dev " + UPLINK + " proxy proto 147");
                    web.call(() -> NetworkNamespace.output("ip", "neigh", "flush", "dev", "pptpit2"));
                    web.call(() -> pings(client));
                    assertThat(nextEcho(queue, 8, Await.PATIENCE)).as("the LAN reaches the client").isTrue();
                    assertThat(web.call(() -> NetworkNamespace.output("ip", "neigh", "show", client.toString())))
                            .contains("lladdr");

                    NetworkNamespace.output("ip", "neigh", "del", "proxy", client.toString(), "dev", UPLINK);
                    NetworkNamespace.output("ip", "neigh", "add", "proxy", "198.51.100.202", "dev", UPLINK, "protocol",
                            "147");
                    NetworkNamespace.output("ip", "neigh", "add", "proxy", "198.51.100.77", "dev", UPLINK);
                    assertThat(network.heal().repaired()).containsExactlyInAnyOrder(
                            "ARP is not answered for 198.51.100.201",
                            "ARP is answered for 198.51.100.202 without need");
                    network.removeClient(client);
                    assertThat(proxies()).containsExactly("198.51.100.77 dev " + UPLINK + " proxy");
                    network.addClient(client);
                }
                assertThat(proxies()).as("another's stays").containsExactly("198.51.100.77 dev " + UPLINK + " proxy");
                assertThat(NetworkNamespace.output("ip", "addr", "show", "dev", UPLINK))
                        .as("the host's own address stays")
                        .contains("198.51.100.1/24");
            }
        });
    }

    private static List<String> proxies() throws Exception {
        return NetworkNamespace.output("ip", "neigh", "show", "proxy")
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }

    @Test
    void theHostsAddressesAreFollowedAndThoseOfServicesAreNot() {
        server.run(() -> {
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan("10.8.0.0/24"))) {
                BlockingQueue<LocalAddresses> told = new LinkedBlockingQueue<>();
                network.onLocalAddresses(told::add);
                assertThat(told.take().own()).contains(Ipv4Address.parse("198.51.100.1"));
                try (NetworkWatch watch = NetworkWatch.start(network, healing -> {})) {
                    NetworkNamespace.output("ip", "link", "add", "kube-ipvs0", "type", "veth", "peer", "name",
                            "pptpit5");
                    NetworkNamespace.output("ip", "addr", "add", "10.96.0.10/32", "dev", "kube-ipvs0");
                    NetworkNamespace.output("ip", "addr", "add", "10.1.0.1/24", "brd", "+", "dev", UPLINK);
                    NetworkNamespace.output("ip", "route", "add", "local", "10.77.0.0/16", "dev", "lo");
                    LocalAddresses last = told.take();
                    while (!last.has(Ipv4Address.parse("10.77.1.2").bits())) {
                        last = told.poll(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    }
                    assertThat(last.own()).containsExactlyInAnyOrder(Ipv4Address.parse("192.168.10.1"),
                            Ipv4Address.parse("198.51.100.1"), Ipv4Address.parse("10.1.0.1"));
                    assertThat(last.isBroadcast(Ipv4Address.parse("10.1.0.255").bits())).isTrue();
                    assertThat(last.isBroadcast(Ipv4Address.parse("198.51.100.255").bits())).isTrue();
                    assertThat(watch.repairs()).as("an address of the host is no defect").isZero();
                }
                assertThat(network.problems()).isEmpty();
                assertThat(nft()).contains("10.1.0.1").doesNotContain("10.96.0.10");
                // What IPVS leaves over at a Service's address: here everything, since there is no Service.
                sendPing(tun.queues().get(0), Ipv4Address.parse("10.96.0.10"));
                Await.until("the packet to a Service's address is dropped", Await.PATIENCE,
                        () -> listed("nft", "list", "ruleset")
                                .contains("ip daddr != @host counter packets 1 bytes 84 drop"));
                sendPing(tun.queues().get(0), Ipv4Address.parse("192.168.10.1"));
                assertThat(nextEcho(tun.queues().get(0), 0, Await.PATIENCE)).isTrue();
            }
        });
    }

    private static String listed(String... command) {
        try {
            return NetworkNamespace.output(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for an ICMP message of this type at the client. */
    private static boolean nextEcho(TunQueue queue, int type, Duration patience) {
        NativeBuffer memory = NativeBuffer.ofPackets(2048);
        Poller poller = new Poller(1);
        poller.add(queue.fd(), Poller.READABLE);
        do {
            while (queue.read(memory.address(), memory.size()) > 0) {
                if (memory.buffer().get(0) == 0x45 && memory.buffer().get(9) == 1 && memory.buffer().get(20) == type) {
                    return true;
                }
            }
        } while (!patience.isZero() && poller.await(patience.toNanos()) > 0);
        return false;
    }

    /** Sends an echo request as the client, and tells whether the answer comes back. */
    private static boolean ping(TunQueue queue) {
        sendPing(queue, WEB);
        return nextEcho(queue, 0, Await.PATIENCE);
    }

    private static void sendPing(TunQueue queue, Ipv4Address to) {
        NativeBuffer memory = NativeBuffer.ofPackets(2048);
        ByteBuffer packet = memory.buffer();
        int length = 84;
        packet.putShort(0, (short) 0x4500)
                .putShort(2, (short) length)
                .put(8, (byte) 64)
                .put(9, (byte) 1)
                .putInt(12, CLIENT.bits())
                .putInt(16, to.bits());
        packet.putShort(10, checksum(packet, 0, 20));
        packet.put(20, (byte) 8).putShort(24, (short) 7).putShort(26, (short) 1);
        packet.putShort(22, checksum(packet, 20, length));
        assertThat(queue.write(memory.address(), length)).isEqualTo(length);
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
            "nft flush chain ip pptp-operator-pptpit0 postrouting", "nft flush set ip pptp-operator-pptpit0 clients",
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
                    // A check that was under way when it happened may have seen half of it, and failed: the next
                    // counts. The promise is five seconds; the rest is for busy machines.
                    Await.until("the watch has put it right", Await.PATIENCE,
                            () -> watch.repairs() > 0 && watch.problems().isEmpty() && network.problems().isEmpty());
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
                    Await.until("the watch says what is wrong", Await.PATIENCE, () -> watch.problems().equals(gone));
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
                assertThat(nft()).containsOnlyOnce("masquerade")
                        .doesNotContain("10.9.0.0/24")
                        .containsOnlyOnce("iifname \"pptpit0\" ip daddr != @host");
                assertThat(NetworkNamespace.output("nft", "list", "table", "ip", "filter"))
                        .containsOnlyOnce("iifname \"pptpit0\"")
                        .containsOnlyOnce("oifname \"pptpit0\"");
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
                    assertThat(NetworkNamespace.output("iptables-nft", "-S", "FORWARD").lines()).containsExactly(
                            "-P FORWARD DROP", "-A FORWARD -i docker0 -j ACCEPT",
                            "-A FORWARD -i pptpit0 -m comment --comment \"pptp-operator pptpit0\" -j ACCEPT",
                            "-A FORWARD -o pptpit0 -m conntrack --ctstate RELATED,ESTABLISHED -m comment"
                                    + " --comment \"pptp-operator pptpit0\" -j ACCEPT");
                    assertThat(ping(tun.queues().get(0))).isTrue();
                    NetworkNamespace.output("iptables-nft", "-P", "FORWARD", "ACCEPT");
                    assertThat(network.heal().repaired()).containsExactly(
                            "the nftables chain ip filter FORWARD accepts packets of pptpit0 without need");
                    NetworkNamespace.output("iptables-nft", "-A", "FORWARD", "-j", "REJECT");
                    assertThat(network.heal().repaired())
                            .containsExactly("the nftables chain ip filter FORWARD refuses packets of pptpit0");
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
                assertThat(network.heal().repaired()).containsExactly("172.20.0.0/16 is not routed to pptpit0");
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
                        .isInstanceOf(LinuxException.class)
                        .hasMessageContaining("cannot route 172.31.0.0/16")
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
                NetworkPlan routed = new NetworkPlan(TUN, Ipv4Address.parse("192.168.10.1"), OptionalInt.of(1300),
                        prefixes("10.9.0.0/24"), List.of(), false, Optional.empty(), List.of(), List.of(), false);
                assertThat(network.update(routed).failed()).isEmpty();
                assertThat(nft()).contains("chain input").doesNotContain("masquerade", "chain forward", " ct ");
                assertThat(network.mtu()).isEqualTo(1300);
                assertThat(NetworkNamespace.output("ip", "link", "show", tun.name())).contains("mtu 1500");
                NetworkPlan moved = new NetworkPlan(TUN, Ipv4Address.parse("192.168.11.1"), OptionalInt.empty(),
                        List.of(), List.of(), false, Optional.empty(), List.of(), List.of(), false);
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
                    prefixes("10.8.0.0/24"), List.of(), true, Optional.empty(), prefixes("192.0.2.0/24"), List.of(),
                    false);
            try (TunDevice tun = TunDevice.open(TUN, 1, Offload.NONE);
                    ServerNetwork network = ServerNetwork.setUp(plan)) {
                assertThat(nft()).contains("oifname \"pptpit1\" ip saddr @clients ip daddr != @excluded masquerade");
                NetworkNamespace.output("ip", "route", "del", "default");
                assertThat(network.problems()).isEmpty();
                NetworkNamespace.output("ip", "route", "add", "default", "dev", "pptpit3");
                assertThat(network.heal().failed()).isEmpty();
                assertThat(network.uplink()).contains("pptpit3");
                assertThat(network.mtu()).isEqualTo(1376);
                assertThat(forwarding("pptpit3")).isEqualTo("1");
                assertThat(nft()).contains("oifname \"pptpit3\"").doesNotContain("oifname \"pptpit1\"");
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
            assertThat(findings.warnings()).singleElement().asString().startsWith("this host has no default route");
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
            assertThat(StartupChecks.run(plan("10.8.0.0/24")))
                    .isEqualTo(new StartupChecks.Findings(List.of(), List.of()));
            assertThat(StartupChecks.run(plan("198.51.100.100/30")).failures()).singleElement()
                    .asString()
                    .startsWith("198.51.100.100/30 of the clients' addresses overlaps 198.51.100.0/24");
            NetworkPlan wrongUplink = new NetworkPlan(UPLINK, Ipv4Address.parse("198.51.100.1"), OptionalInt.empty(),
                    List.of(), List.of(), true, Optional.of("eth7"), List.of(), List.of(), false);
            assertThat(StartupChecks.run(wrongUplink).failures()).hasSize(2)
                    .anySatisfy(failure -> assertThat(failure).startsWith("tun pptpit1 is the name of"))
                    .anySatisfy(failure -> assertThat(failure)
                            .isEqualTo("nat.uplink eth7 does not exist: choose one of pptpit1, or leave it out"));
            assertThatThrownBy(() -> ServerNetwork.setUp(plan("10.8.0.0/24"))).isInstanceOf(NetworkSetupException.class)
                    .hasMessageContaining("the TUN device pptpit0 is gone");
            assertThat(nft()).isEmpty();
        });
    }
}
