package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.Packets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Much at a time: the kernels' own TCP through the tunnel, several clients and workers, and no garbage made. */
class BulkTrafficIT {
    private static final int AMOUNT = 6 << 20;
    private static final int ROUNDS = 2;

    /** What worker threads may allocate while they carry tens of thousands of packets: next to nothing. */
    private static final long ALLOCATION_NOISE = 64 << 10;

    static long crcOf(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** Sends {@code data} over a TCP connection and returns what arrived at the other end, as a checksum. */
    static long transfer(NetworkNamespace sender, Ipv4Address from, NetworkNamespace receiver, Ipv4Address to,
            byte[] data) throws IOException {
        try (ServerSocket listening = receiver.call(() -> new ServerSocket())) {
            receiver.run(() -> listening.bind(new InetSocketAddress(to.toInetAddress(), 0)));
            CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> receiveFrom(listening));
            try (Socket socket = sender
                    .call(() -> new Socket(to.toInetAddress(), listening.getLocalPort(), from.toInetAddress(), 0));
                    OutputStream out = socket.getOutputStream()) {
                out.write(data);
            }
            return received.join();
        }
    }

    private static long receiveFrom(ServerSocket listening) {
        try (Socket socket = listening.accept(); InputStream in = socket.getInputStream()) {
            return crcOf(in.readAllBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long allocatedByWorkers() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().startsWith("datapath-"))
                .mapToLong(Thread::threadId)
                .toArray();
        assertThat(ids).isNotEmpty();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
    }

    @ParameterizedTest
    @CsvSource({"1, NONE, OFF, OFF", "2, NONE, AUTO, OFF", "1, TCP_AND_UDP, AUTO, OFF", "2, TCP_AND_UDP, AUTO, OFF",
            "1, TCP_AND_UDP, OFF, OFF", "1, TCP_AND_UDP, AUTO, ALWAYS", "2, TCP_AND_UDP, AUTO, ALWAYS",
            "2, NONE, AUTO, AUTO"})
    void tcpPassesIntactBothWaysAndTheWorkersAllocateNothing(int workers, TunDevice.Offload offload,
            PacketSocketUse packetSockets, XdpSocketUse xdpSockets) throws IOException {
        byte[] data = Packets.random(new Random(workers), AMOUNT);
        try (DatapathLab lab = new DatapathLab(workers, offload, DatapathLab.OPEN, packetSockets, xdpSockets)) {
            lab.relay(0);
            lab.relay(1);
            long before = 0;
            long packets = 0;
            for (int round = 0; round < ROUNDS; round++) {
                before = allocatedByWorkers();
                packets = packets(lab);
                for (int client = 0; client < 2; client++) {
                    assertThat(transfer(lab.serverHost(), DatapathLab.GATEWAY, lab.clientHost(),
                            DatapathLab.CLIENT.plus(client), data)).as("to client %s", client).isEqualTo(crcOf(data));
                }
                assertThat(transfer(lab.clientHost(), DatapathLab.CLIENT, lab.serverHost(), DatapathLab.GATEWAY, data))
                        .as("from a client")
                        .isEqualTo(crcOf(data));
            }
            assertThat(packets(lab) - packets).isGreaterThan(3L * AMOUNT / DatapathLab.MTU);
            assertThat(allocatedByWorkers() - before).isLessThan(ALLOCATION_NOISE);
            assertThat(lab.datapath.sent(SendingPath.PACKET_SOCKET) > 0)
                    .isEqualTo(packetSockets == PacketSocketUse.AUTO && xdpSockets == XdpSocketUse.OFF);
            assertThat(lab.datapath.sent(SendingPath.XDP_SOCKET) > 0).isEqualTo(xdpSockets != XdpSocketUse.OFF);
            assertThat(lab.datapath.drops(DropCause.MALFORMED_IP)).isZero();
            assertThat(lab.datapath.drops(DropCause.MPPE_MALFORMED)).isZero();
            assertThat(lab.datapath.drops(DropCause.TUN_WRITE_FAILED)).isZero();
        }
    }

    private static long packets(DatapathLab lab) {
        return lab.datapath.total(TrafficCounters::packetsIn) + lab.datapath.total(TrafficCounters::packetsOut);
    }

    @Test
    void packetsOfEveryFlowReachTheirClientWhicheverWorkerReadsThem() {
        try (DatapathLab lab = new DatapathLab(2, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN)) {
            GreClient even = lab.connectWithNetwork(0);
            GreClient odd = lab.connectWithNetwork(1);
            for (int number = 2; odd.tunnel.callId() % 2 == even.tunnel.callId() % 2; number++) {
                odd.tunnel.close();
                odd = lab.connectWithNetwork(number % 4);
            }
            int flows = 100;
            for (GreClient client : List.of(even, odd)) {
                Ipv4Address address = client.address();
                for (int port = 1; port <= flows; port++) {
                    byte[] datagram = Packets.udp(DatapathLab.HOST.bits(), address.bits(), port << 16 | 53,
                            new byte[port]);
                    lab.host.send(
                            Packets.ip(DatapathLab.HOST.bits(), address.bits(), 17, port, 0, new byte[0], datagram));
                }
                Set<Integer> lengths = new HashSet<>();
                for (int i = 0; i < flows; i++) {
                    lengths.add(client.nextIp().length - 28);
                }
                assertThat(lengths).as("one packet of each flow").hasSize(flows);
            }
            assertThat(lab.datapath.drops(DropCause.HANDOVER_QUEUE_FULL)).isZero();
            assertThat(lab.datapath.drops(DropCause.NO_SESSION)).isZero();
        }
    }
}
