package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.Packets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which way GRE leaves while routes, neighbours, links and rules change, and that it always leaves. */
class PacketSocketIT {
    private static final int UDP = 17;
    private static final int PORTS = 0xc001_01bb;
    private static final long NEW_HARDWARE_ADDRESS = 0x0250_5450_0099L;

    private DatapathLab lab;

    private GreClient open(PacketSocketUse use) {
        lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN, use);
        return lab.connectWithNetwork(0);
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    /** One packet to the client, whatever the way; true when that was the packet socket. */
    private boolean passesDirectly(GreClient client, int size) {
        return passesDirectly(client, DatapathLab.CLIENT, size);
    }

    private boolean passesDirectly(GreClient client, Ipv4Address address, int size) {
        long before = lab.datapath.sent(SendingPath.PACKET_SOCKET);
        byte[] datagram = Packets.udp(DatapathLab.HOST.bits(), address.bits(), PORTS,
                Packets.random(new Random(size), size));
        lab.host.send(Packets.ip(DatapathLab.HOST.bits(), address.bits(), UDP, size, 0, new byte[0], datagram));
        byte[] arrived = client.nextIp();
        assertThat(Arrays.copyOfRange(arrived, 20, arrived.length)).isEqualTo(datagram);
        client.awaitWorker();
        return lab.datapath.sent(SendingPath.PACKET_SOCKET) > before;
    }

    private void awaitDirect(GreClient client) {
        awaitDirect(client, DatapathLab.CLIENT);
    }

    private void awaitDirect(GreClient client, Ipv4Address address) {
        awaitDirect(client, address, 100);
    }

    private void awaitDirect(GreClient client, int size) {
        awaitDirect(client, DatapathLab.CLIENT, size);
    }

    /**
     * Waits until a packet of this size leaves directly; those that pass meanwhile make the kernel look for the
     * neighbour. No next hop is known for good: the kernel tells of a link's new state when it gets round to it, up to
     * a second late, and at any news about links all are forgotten for a moment.
     */
    private void awaitDirect(GreClient client, Ipv4Address address, int size) {
        Await.until("a packet of " + size + " bytes leaves through the packet socket", Await.PATIENCE,
                () -> passesDirectly(client, address, size));
    }

    private void awaitDirectThrough(GreClient client, String device) {
        int index = index(device);
        Await.until("packets leave directly through " + device, Await.PATIENCE,
                () -> passesDirectly(client, 100) && leavesBy(client, index));
    }

    /** A next hop may be forgotten at any time, to be found again. */
    private static boolean leavesBy(GreClient client, int link) {
        NextHop known = client.nextHop();
        return known != null && known.linkIndex() == link;
    }

    private static void awaitRaw(GreClient client) {
        Await.until("the next hop is forgotten", Await.PATIENCE, () -> client.nextHop() == null);
    }

    private String onServer(String command) {
        return lab.serverHost().command("sh", "-c", command);
    }

    private int index(String device) {
        return Integer.parseInt(onServer("ip -o link show " + device).split(":", 2)[0]);
    }

    @Test
    void theFirstPacketsFindTheNeighbourAndTheOthersLeaveDirectly() {
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirect(client);
        for (int size : new int[]{0, 1, 700, 1300}) {
            awaitDirect(client, size);
        }
        Await.until("packets leave from the server's address", Await.PATIENCE, () -> {
            NextHop nextHop = client.nextHop();
            return nextHop != null && nextHop.source().equals(DatapathLab.SERVER);
        });
    }

    @Test
    void switchedOffEverythingLeavesThroughTheRawSocket() {
        GreClient client = open(PacketSocketUse.OFF);
        for (int i = 0; i < 20; i++) {
            assertThat(passesDirectly(client, 100 + i)).isFalse();
        }
        assertThat(client.nextHop()).isNull();
        awaitObstacle(PacketSocketObstacle.Reason.OFF);
    }

    @Test
    void aPacketThatIsTooLongForTheLinkIsLeftToTheKernelToFragment() {
        GreClient client = open(PacketSocketUse.AUTO);
        onServer("ip link set cable mtu 1000");
        awaitDirect(client);
        assertThat(passesDirectly(client, 1300)).isFalse();
        awaitDirect(client, 800);
    }

    @Test
    void aDownloadGoesOnWhileTheNeighboursAddressChanges() throws IOException {
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirect(client);
        lab.relay(1);
        // The new address is announced, as a virtual machine's is that has moved.
        lab.clientHost().command("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/cable/arp_notify");
        byte[] data = Packets.random(new Random(1), 1 << 20);
        Ipv4Address there = DatapathLab.CLIENT.plus(1);
        try (ServerSocket listening = lab.clientHost().call(() -> new ServerSocket())) {
            lab.clientHost().run(() -> listening.bind(new InetSocketAddress(there.toInetAddress(), 0)));
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> receive(listening));
            try (Socket socket = lab.serverHost()
                    .call(() -> new Socket(there.toInetAddress(), listening.getLocalPort(),
                            DatapathLab.GATEWAY.toInetAddress(), 0));
                    OutputStream out = socket.getOutputStream()) {
                out.write(data);
                lab.clientHost().command("ip", "link", "set", "cable", "address", "02:50:54:50:00:99");
                out.write(data);
                Await.until("the new address is used", Await.PATIENCE, () -> {
                    sendOne();
                    return hasNewAddress(client);
                });
                out.write(data);
            }
            assertThat(received.join()).isEqualTo(Packets.concat(Packets.concat(data, data), data));
        }
    }

    /** Sends a packet to the client, whether it arrives or not, so that the kernel looks for the neighbour. */
    private void sendOne() {
        byte[] datagram = Packets.udp(DatapathLab.HOST.bits(), DatapathLab.CLIENT.bits(), PORTS, new byte[9]);
        lab.host.send(Packets.ip(DatapathLab.HOST.bits(), DatapathLab.CLIENT.bits(), UDP, 1, 0, new byte[0], datagram));
    }

    private static boolean hasNewAddress(GreClient client) {
        NextHop nextHop = client.nextHop();
        return nextHop != null && nextHop.hardwareAddress() == NEW_HARDWARE_ADDRESS;
    }

    private static byte[] receive(ServerSocket listening) {
        try (Socket socket = listening.accept(); InputStream in = socket.getInputStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStaleNeighbourIsConfirmedWithoutTrafficThroughTheRawSocket() {
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirect(client);
        String neighbour = "ip neigh show to " + DatapathLab.CLIENT_HOST + " dev cable";
        onServer("ip neigh change " + DatapathLab.CLIENT_HOST + " dev cable nud stale");
        Await.until("the kernel asks for the neighbour", Await.PATIENCE,
                () -> onServer(neighbour).matches("(?s).*(DELAY|PROBE|REACHABLE).*"));
        awaitDirect(client);
    }

    @Test
    void aForgottenNeighbourIsFoundAgain() {
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirect(client);
        onServer("ip neigh flush dev cable");
        awaitRaw(client);
        awaitDirect(client);
    }

    @Test
    void aRouteThatMovesToAGatewayOnAnotherLinkIsFollowed() {
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirectThrough(client, "cable");
        lab.serverHost()
                .command("ip", "link", "add", "second", "type", "veth", "peer", "name", "second", "netns",
                        lab.clientHost().id());
        onServer("ip addr add 203.0.113.1/24 dev second; ip link set second up");
        lab.clientHost()
                .command("sh", "-c", "ip addr add 203.0.113.7/24 dev second; ip link set second up;"
                        + " for f in all second cable; do echo 0 > /proc/sys/net/ipv4/conf/$f/rp_filter; done");
        onServer(
                "ip route add " + DatapathLab.CLIENT_HOST + "/32 via 203.0.113.7 dev second src " + DatapathLab.SERVER);
        awaitDirectThrough(client, "second");
        onServer("ip route del " + DatapathLab.CLIENT_HOST + "/32");
        awaitDirectThrough(client, "cable");
    }

    @Test
    void aLinkThatGoesDownIsForgottenAndTakenAgainWhenItIsBack() {
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirect(client);
        onServer("ip link set cable down");
        awaitRaw(client);
        onServer("ip link set cable up");
        awaitDirect(client);
    }

    @Test
    void anAddressThatIsTakenAwayIsNoSourceAnyMore() {
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirect(client);
        onServer("ip addr del " + DatapathLab.SERVER + "/24 dev cable; ip addr add 198.51.100.2/24 dev cable");
        awaitRaw(client);
        onServer("ip addr add " + DatapathLab.SERVER + "/24 dev cable");
        awaitDirect(client);
    }

    private List<PacketSocketObstacle.Reason> obstacles() {
        return lab.datapath.packetSocketObstacles().stream().map(PacketSocketObstacle::reason).toList();
    }

    private void awaitObstacle(PacketSocketObstacle.Reason reason) {
        Await.until("the obstacle is told: " + reason, Await.PATIENCE, () -> obstacles().equals(List.of(reason)));
    }

    private void firewall(String chain, String rule) {
        onServer("nft 'add table ip firewall; add chain ip firewall " + chain + " { type filter hook " + chain
                + " priority 0; }; add rule ip firewall " + chain + " " + rule + "'");
    }

    @Test
    void firewallRulesAndIpsecPoliciesAreNotPassedBy() {
        Requirement.programs("nft");
        GreClient client = open(PacketSocketUse.AUTO);
        awaitDirect(client);
        assertThat(obstacles()).isEmpty();
        firewall("output", "ip protocol gre counter");
        awaitRaw(client);
        assertThat(passesDirectly(client, 100)).isFalse();
        awaitObstacle(PacketSocketObstacle.Reason.FIREWALL);
        onServer("nft delete table ip firewall");
        awaitDirect(client);
        onServer("ip xfrm policy add src " + DatapathLab.SERVER + " dst " + DatapathLab.CLIENT_HOST
                + " proto tcp dir out");
        awaitRaw(client);
        assertThat(passesDirectly(client, 100)).isFalse();
        awaitObstacle(PacketSocketObstacle.Reason.IPSEC);
        onServer("ip xfrm policy flush");
        awaitDirect(client);
        onServer("ip rule add ipproto gre table main");
        awaitRaw(client);
        awaitObstacle(PacketSocketObstacle.Reason.ROUTING_RULES);
        onServer("ip rule del ipproto gre table main");
        awaitDirect(client);
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void firewallRulesForOthersArePassedBy() {
        Requirement.programs("nft");
        GreClient client = open(PacketSocketUse.AUTO);
        GreClient other = lab.connectWithNetwork(1);
        Ipv4Address otherAddress = DatapathLab.CLIENT.plus(1);
        awaitDirect(client);
        awaitDirect(other, otherAddress);
        firewall("output", "meta l4proto tcp drop");
        firewall("postrouting", "ip daddr " + DatapathLab.CLIENT_HOST.plus(1) + " ip dscp set 1");
        awaitRaw(other);
        awaitObstacle(PacketSocketObstacle.Reason.FIREWALL);
        assertThat(passesDirectly(other, otherAddress, 100)).isFalse();
        awaitDirect(client);
        onServer("nft 'flush chain ip firewall postrouting; add rule ip firewall postrouting ip daddr "
                + DatapathLab.CLIENT_HOST + " ip dscp set 1'");
        awaitRaw(client);
        awaitDirect(other, otherAddress);
        onServer("nft delete table ip firewall");
        awaitDirect(client);
    }

    @Test
    void firewallRulesArePassedByWhereTheAdministratorSaysSo() {
        Requirement.programs("nft");
        GreClient client = open(PacketSocketUse.ALWAYS);
        firewall("output", "ip protocol gre counter");
        awaitDirect(client);
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void tunnelsThatEndLeaveTheirPathToOthersOfTheSamePeer() {
        GreClient first = open(PacketSocketUse.AUTO);
        awaitDirect(first);
        GreClient second = lab.connect(true);
        Await.until("both know the same next hop", Await.PATIENCE, () -> {
            NextHop nextHop = second.nextHop();
            return nextHop != null && nextHop.equals(first.nextHop());
        });
        second.tunnel.close();
        second.awaitWorker();
        awaitDirect(first);
    }
}
