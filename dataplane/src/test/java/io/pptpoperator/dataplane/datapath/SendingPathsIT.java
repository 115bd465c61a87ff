package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.KernelSocket;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.PacketSocket;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.ip.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same bytes leave whichever way they take: captures of the same traffic differ in the outer packet's number alone. */
class SendingPathsIT {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ETH_P_IP_IN_NETWORK_ORDER = 0x0008;
    private static final int ETHERNET_HEADER = 14;
    private static final int UDP = 17;
    private static final int PORTS = 0xc001_01bb;
    private static final int[] SIZES = {0, 1, 2, 17, 100, 700, 1_301};

    /** What a raw IP packet socket sees on the clients' end of the cable while the same packets go to a client. */
    private static List<String> capture(PacketSocketUse packetSockets, XdpSocketUse xdpSockets, SendingPath expected) {
        try (DatapathLab lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN, packetSockets,
                xdpSockets)) {
            lab.clientHost().command("ip", "link", "set", "cable", "address", "02:50:54:50:00:01");
            lab.serverHost().command("ip", "link", "set", "cable", "address", "02:50:54:50:00:02");
            GreClient holdsThePath = lab.connect(true);
            Await.until("the way is known", Await.PATIENCE, () -> {
                lab.serverHost().command("ping", "-c", "1", "-W", "5", DatapathLab.CLIENT_HOST.toString());
                return way(holdsThePath.nextHop()) == expected;
            });
            try (KernelSocket wire = lab.clientHost()
                    .call(() -> KernelSocket.open("packet socket", AF_PACKET, SOCK_RAW, ETH_P_IP_IN_NETWORK_ORDER))) {
                GreClient client = lab.connectWithNetwork(0);
                for (int size : SIZES) {
                    byte[] datagram = Packets.udp(DatapathLab.HOST.bits(), client.address().bits(), PORTS,
                            Packets.random(new Random(size), size));
                    lab.host.send(Packets.ip(DatapathLab.HOST.bits(), client.address().bits(), UDP, size, 0,
                            new byte[0], datagram));
                    client.nextIp();
                }
                client.awaitWorker();
                assertThat(lab.datapath.sent(expected)).as("packets through the %s", expected.label())
                        .isEqualTo(SIZES.length);
                return greFrames(wire);
            }
        }
    }

    private static SendingPath way(NextHop nextHop) {
        return nextHop == null
                ? SendingPath.RAW_SOCKET
                : nextHop.xdp().isPresent() ? SendingPath.XDP_SOCKET : SendingPath.PACKET_SOCKET;
    }

    /** Frames with GRE, from the hardware addresses on, without the outer header's identification and checksum. */
    private static List<String> greFrames(KernelSocket wire) {
        NativeBuffer memory = NativeBuffer.ofPackets(2_048);
        List<String> frames = new ArrayList<>();
        for (int length = wire.receive(memory); length >= 0; length = wire.receive(memory)) {
            byte[] frame = new byte[length];
            memory.buffer().get(0, frame);
            if (frame[ETHERNET_HEADER + 9] == RawGreSocket.PROTOCOL) {
                Arrays.fill(frame, ETHERNET_HEADER + 4, ETHERNET_HEADER + 6, (byte) 0);
                Arrays.fill(frame, ETHERNET_HEADER + 10, ETHERNET_HEADER + 12, (byte) 0);
                frames.add(HexFormat.of().formatHex(frame));
            }
        }
        return frames;
    }

    @Test
    void allSocketsSendTheSameBytes() {
        List<String> raw = capture(PacketSocketUse.OFF, XdpSocketUse.OFF, SendingPath.RAW_SOCKET);
        assertThat(raw).hasSize(SIZES.length).allMatch(frame -> frame.startsWith("025054500001025054500002080045"));
        assertThat(capture(PacketSocketUse.AUTO, XdpSocketUse.OFF, SendingPath.PACKET_SOCKET)).isEqualTo(raw);
        assertThat(capture(PacketSocketUse.AUTO, XdpSocketUse.AUTO, SendingPath.XDP_SOCKET)).isEqualTo(raw);
    }

    /** Sends three packets to a next hop whose link is down: nobody takes them, and nothing fails. */
    static void sendInto(NextHop nextHop) {
        try (RawGreSocket raw = RawGreSocket.open(1 << 20, Optional.empty());
                PacketSocket packets = PacketSocket.open(1 << 20)) {
            SendBatch batch = new SendBatch(raw, Optional.of(packets), 0, 4, 100, 1);
            for (int i = 0; i < 3; i++) {
                batch.slotOffset();
                batch.commit(DatapathLab.CLIENT_HOST.bits(), 0, 50, nextHop);
            }
            batch.flush();
            assertThat(batch.sentByXdp()).isZero();
            assertThat(batch.sent() + batch.droppedForRoom() + batch.droppedRefused()).isEqualTo(3);
            assertThat(batch.isWaiting()).isFalse();
        }
    }
}
