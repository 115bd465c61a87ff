package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.XdpLink;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
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

/** When GRE leaves through XDP sockets, what keeps it from that, and that it always leaves. */
class XdpSocketIT {
    private static final int UDP = 17;
    private static final int PORTS = 0xc001_01bb;

    private DatapathLab lab;

    private GreClient open(PacketSocketUse packetSockets, XdpSocketUse xdpSockets, int workers) {
        lab = new DatapathLab(workers, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN, packetSockets, xdpSockets);
        return lab.connectWithNetwork(0);
    }

    private GreClient open() {
        return open(PacketSocketUse.AUTO, XdpSocketUse.AUTO, 1);
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    /** One packet to the client, which must arrive; returns the way that it left. */
    private SendingPath pass(GreClient client, int size) {
        long[] before = sent();
        byte[] datagram = Packets.udp(DatapathLab.HOST.bits(), client.address().bits(), PORTS,
                Packets.random(new Random(size), size));
        lab.host.send(
                Packets.ip(DatapathLab.HOST.bits(), client.address().bits(), UDP, size, 0, new byte[0], datagram));
        byte[] arrived = client.nextIp();
        assertThat(Arrays.copyOfRange(arrived, 20, arrived.length)).isEqualTo(datagram);
        client.awaitWorker();
        long[] after = sent();
        return Arrays.stream(SendingPath.values())
                .filter(path -> after[path.ordinal()] > before[path.ordinal()])
                .findFirst()
                .orElseThrow();
    }

    private long[] sent() {
        return Arrays.stream(SendingPath.values()).mapToLong(lab.datapath::sent).toArray();
    }

    private void await(GreClient client, SendingPath path) {
        Await.until("packets leave through the " + path.label(), Await.PATIENCE, () -> pass(client, 100) == path);
    }

    private String onServer(String command) {
        return lab.serverHost().command("sh", "-c", command);
    }

    private List<XdpSocketObstacle.Reason> obstacles() {
        return lab.datapath.xdpSocketObstacles().stream().map(XdpSocketObstacle::reason).toList();
    }

    private void awaitObstacle(XdpSocketObstacle.Reason reason) {
        Await.until("the obstacle is told: " + reason, Await.PATIENCE, () -> obstacles().equals(List.of(reason)));
    }

    @Test
    void packetsOfAllLengthsLeaveOnceTheNeighbourIsKnown() {
        GreClient client = open();
        await(client, SendingPath.XDP_SOCKET);
        for (int size : new int[]{0, 1, 700, 1300}) {
            Await.until("a packet of " + size + " bytes leaves", Await.PATIENCE,
                    () -> pass(client, size) == SendingPath.XDP_SOCKET);
        }
        assertThat(obstacles()).isEmpty();
        assertThat(client.nextHop().xdp()).map(XdpLink::lockedBytes)
                .hasValueSatisfying(bytes -> assertThat(bytes).as("for each worker").isLessThanOrEqualTo(6 << 20));
    }

    @Test
    void workersShareTheOnlyQueueOfALink() {
        GreClient even = open(PacketSocketUse.AUTO, XdpSocketUse.AUTO, 2);
        GreClient odd = lab.connectWithNetwork(1);
        for (int number = 2; odd.tunnel.callId() % 2 == even.tunnel.callId() % 2; number++) {
            odd.tunnel.close();
            odd = lab.connectWithNetwork(number % 4);
        }
        for (GreClient client : List.of(even, odd)) {
            await(client, SendingPath.XDP_SOCKET);
            // More than there are frames, so that each comes back from the kernel several times.
            for (int i = 0; i < 3_000; i++) {
                pass(client, 100 + i % 1_000);
            }
            await(client, SendingPath.XDP_SOCKET);
        }
    }

    @Test
    void switchedOffOrWithoutPacketSocketsNothingLeavesThatWay() {
        GreClient client = open(PacketSocketUse.OFF, XdpSocketUse.ALWAYS, 1);
        for (int i = 0; i < 20; i++) {
            assertThat(pass(client, 100 + i)).isEqualTo(SendingPath.RAW_SOCKET);
        }
        awaitObstacle(XdpSocketObstacle.Reason.OFF);
        lab.close();
        client = open(PacketSocketUse.AUTO, XdpSocketUse.OFF, 1);
        await(client, SendingPath.PACKET_SOCKET);
        awaitObstacle(XdpSocketObstacle.Reason.OFF);
    }

    @Test
    void whatTheLinkHasAtItsEgressIsNotPassedBy() {
        Requirement.programs("tc", "nft");
        GreClient client = open();
        await(client, SendingPath.XDP_SOCKET);
        onServer("tc qdisc add dev cable root tbf rate 1gbit burst 1mb latency 50ms");
        await(client, SendingPath.PACKET_SOCKET);
        awaitObstacle(XdpSocketObstacle.Reason.QUEUEING);
        onServer("tc qdisc del dev cable root");
        await(client, SendingPath.XDP_SOCKET);
        onServer("tc qdisc replace dev cable root fq_codel; tc qdisc add dev cable clsact");
        await(client, SendingPath.PACKET_SOCKET);
        awaitObstacle(XdpSocketObstacle.Reason.TRAFFIC_CONTROL);
        onServer("tc qdisc del dev cable clsact");
        await(client, SendingPath.XDP_SOCKET);
        onServer(
                "nft 'add table netdev shop; add chain netdev shop out { type filter hook egress device \"cable\" priority"
                        + " 0; }'");
        await(client, SendingPath.PACKET_SOCKET);
        awaitObstacle(XdpSocketObstacle.Reason.FIREWALL);
        onServer("nft delete table netdev shop");
        await(client, SendingPath.XDP_SOCKET);
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void egressIsPassedByWhereTheAdministratorSaysSo() {
        Requirement.programs("tc");
        GreClient client = open(PacketSocketUse.AUTO, XdpSocketUse.ALWAYS, 1);
        onServer("tc qdisc add dev cable root tbf rate 1gbit burst 1mb latency 50ms");
        await(client, SendingPath.XDP_SOCKET);
        assertThat(obstacles()).isEmpty();
    }

    @Test
    void firewallRulesKeepEverythingOnTheRawSocket() {
        Requirement.programs("nft");
        GreClient client = open(PacketSocketUse.AUTO, XdpSocketUse.ALWAYS, 1);
        await(client, SendingPath.XDP_SOCKET);
        onServer("nft 'add table ip firewall; add chain ip firewall output { type filter hook output priority 0; };"
                + " add rule ip firewall output ip protocol gre counter'");
        await(client, SendingPath.RAW_SOCKET);
        onServer("nft delete table ip firewall");
        await(client, SendingPath.XDP_SOCKET);
    }

    @Test
    void aPacketThatIsTooLongForTheLinkIsLeftToTheKernelToFragment() {
        GreClient client = open();
        onServer("ip link set cable mtu 1000");
        await(client, SendingPath.XDP_SOCKET);
        assertThat(pass(client, 1300)).isEqualTo(SendingPath.RAW_SOCKET);
    }

    @Test
    void aQueueThatAnotherProgramHasIsNoMoreThanAnObstacle() {
        lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN, PacketSocketUse.AUTO,
                XdpSocketUse.AUTO);
        GreClient client;
        try (XdpLink other = lab.serverHost().call(this::bindToCable)) {
            assertThat(other.isBroken()).isFalse();
            client = lab.connectWithNetwork(0);
            await(client, SendingPath.PACKET_SOCKET);
            awaitObstacle(XdpSocketObstacle.Reason.UNAVAILABLE);
            assertThat(lab.datapath.xdpSocketObstacles().getFirst().what()).contains("another program", "EBUSY");
        }
        await(client, SendingPath.XDP_SOCKET);
    }

    private XdpLink bindToCable() {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            Link link = rtnetlink.link("cable").orElseThrow();
            return XdpLink.open(link.index(), link.hardwareAddress().orElseThrow(), 1);
        }
    }

    @Test
    void aLinkThatGoesDownOrGetsAnotherAddressIsTakenAnew() {
        GreClient client = open();
        await(client, SendingPath.XDP_SOCKET);
        XdpLink before = client.nextHop().xdp().orElseThrow();
        onServer("ip link set cable down");
        Await.until("the next hop is forgotten", Await.PATIENCE, () -> client.nextHop() == null);
        onServer("ip link set cable up");
        await(client, SendingPath.XDP_SOCKET);
        onServer("ip link set cable address 02:50:54:50:00:77");
        Await.until("frames come from the new address", Await.PATIENCE, () -> {
            pass(client, 100);
            NextHop known = client.nextHop();
            return known != null && known.xdp().filter(it -> it.hardwareAddress() == 0x0250_5450_0077L).isPresent();
        });
        await(client, SendingPath.XDP_SOCKET);
        Await.until("the old sockets are closed", Await.PATIENCE, before::isClosed);
    }

    @Test
    void sendingIntoALinkThatIsDownFallsBackOnTheOtherSockets() {
        lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN, PacketSocketUse.OFF,
                XdpSocketUse.OFF);
        try (XdpLink sockets = lab.serverHost().call(this::bindToCable)) {
            NextHop nextHop = new NextHop(sockets.index(), 0x0250_5450_0001L, 1_500, DatapathLab.SERVER,
                    java.util.Optional.of(sockets));
            onServer("ip link set cable down");
            lab.serverHost().run(() -> SendingPathsIT.sendInto(nextHop));
            assertThat(sockets.isBroken()).isTrue();
        }
    }

    @Test
    void aDownloadLosesNothingToChangesOfDeviceRouteMtuAndNeighbour() throws IOException {
        Requirement.programs("tc");
        GreClient client = open();
        await(client, SendingPath.XDP_SOCKET);
        lab.relay(1);
        byte[] data = Packets.random(new Random(1), 1 << 20);
        Ipv4Address there = DatapathLab.CLIENT.plus(1);
        // Under load the neighbour is known again at once: ip may find no end of flushing, and gives up.
        List<String> changes = List.of("ip neigh flush dev cable || :", "ip link set cable mtu 1400",
                "ip route add " + DatapathLab.CLIENT_HOST + "/32 dev cable src " + DatapathLab.SERVER,
                "ip link set cable mtu 1500; ip route del " + DatapathLab.CLIENT_HOST + "/32",
                "ip link set cable down; ip link set cable up",
                "tc qdisc add dev cable root tbf rate 1gbit burst 1mb" + " latency 50ms",
                "tc qdisc del dev cable root");
        try (ServerSocket listening = lab.clientHost().call(() -> new ServerSocket())) {
            lab.clientHost().run(() -> listening.bind(new InetSocketAddress(there.toInetAddress(), 0)));
            CompletableFuture<Integer> received = CompletableFuture.supplyAsync(() -> receive(listening, data));
            try (Socket socket = lab.serverHost()
                    .call(() -> new Socket(there.toInetAddress(), listening.getLocalPort(),
                            DatapathLab.GATEWAY.toInetAddress(), 0));
                    OutputStream out = socket.getOutputStream()) {
                for (String change : changes) {
                    out.write(data);
                    onServer(change);
                }
                out.write(data);
            }
            assertThat(received.join()).isEqualTo(changes.size() + 1);
        }
        await(client, SendingPath.XDP_SOCKET);
    }

    /** How many times exactly {@code data} arrives. */
    private static int receive(ServerSocket listening, byte[] data) {
        try (Socket socket = listening.accept(); InputStream in = socket.getInputStream()) {
            int times = 0;
            for (byte[] got = in.readNBytes(data.length); got.length > 0; got = in.readNBytes(data.length)) {
                assertThat(got).isEqualTo(data);
                times++;
            }
            return times;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
