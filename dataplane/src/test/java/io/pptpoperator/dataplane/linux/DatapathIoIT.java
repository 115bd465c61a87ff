package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.TunDevice.Offload;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TUN devices and raw GRE sockets against the kernel, in a namespace of their own. */
class DatapathIoIT {

    private static final int LOOPBACK = 0x7f000001;

    private NetworkNamespace namespace;

    @BeforeEach
    void enterNamespace() {
        Requirement.root();
        Requirement.programs("ip", "tc");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void leaveNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void aTunDeviceIsThereWhileOpenAndGoneWhenClosed() {
        namespace.run(() -> {
            TunDevice tun = TunDevice.open("pptpit0", 2, Offload.TCP_AND_UDP);
            assertThat(tun.queues()).hasSize(2);
            assertThat(tun.vnetHeader()).isTrue();
            assertThat(tun.offload()).isNotEqualTo(Offload.NONE);
            assertThatThrownBy(() -> TunDevice.open("pptpit0", 2, Offload.TCP_AND_UDP))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("pptpit0 exists already");
            tun.close();
            tun.close();
            TunDevice.open("pptpit0", 1, Offload.NONE).close();
        });
        assertThat(namespace.command("ip", "link")).doesNotContain("pptpit0");
    }

    @Test
    void aPacketRoutedIntoTheTunIsReadAndAWrittenOneIsReceived() {
        namespace.run(() -> {
            try (TunDevice tun = TunDevice.open("pptpit0", 1, Offload.NONE);
                    RawGreSocket gre = RawGreSocket.open(1 << 20, Optional.empty())) {
                NativeBuffer packet = NativeBuffer.ofPackets(2048);
                TunQueue queue = tun.queues().get(0);
                assertThat(queue.write(packet.address(), 100)).as("no IP version").isEqualTo(-Errno.EINVAL);
                packet.buffer().put(0, (byte) 0x45);
                assertThat(queue.write(packet.address(), 100)).as("device down").isEqualTo(-Errno.EIO);
                NetworkNamespace.output("ip", "addr", "add", "10.9.0.1/24", "dev", "pptpit0");
                NetworkNamespace.output("ip", "link", "set", "pptpit0", "addrgenmode", "none");
                NetworkNamespace.output("ip", "link", "set", "pptpit0", "up");

                SendBatch out = new SendBatch(gre, 4, 1500);
                writeGre(out.buffer(), out.slotOffset(), 7);
                out.commit(0x0a090002, 0x0a090001, 20);
                out.flush();
                assertThat(out.sent()).isEqualTo(1);
                Poller poller = new Poller(1);
                poller.add(queue.fd(), Poller.READABLE);
                assertThat(poller.await(Await.PATIENCE.toNanos())).isEqualTo(1);
                int length = queue.read(packet.address(), packet.size());
                assertThat(length).isEqualTo(40);
                assertThat(packet.buffer().getInt(12)).isEqualTo(0x0a090001);
                assertThat(packet.buffer().getInt(16)).isEqualTo(0x0a090002);
                assertThat(packet.buffer().getShort(6) & 0x4000).as("DF").isZero();
                assertThat(packet.buffer().getShort(26)).isEqualTo((short) 7);

                // Turned round, it is a packet from a client.
                packet.buffer().putInt(12, 0x0a090002).putInt(16, 0x0a090001);
                assertThat(queue.write(packet.address(), length)).isEqualTo(length);
                ReceiveBatch in = new ReceiveBatch(gre, 4, 1500);
                awaitPacket(gre);
                assertThat(in.receive()).isEqualTo(1);
                assertThat(in.length(0)).isEqualTo(40);
                assertThat(in.buffer().getInt(in.offset(0) + 12)).isEqualTo(0x0a090002);
                assertThat(in.receive()).isEqualTo(-Errno.EAGAIN);
            }
        });
    }

    @Test
    void eachWorkerReceivesItsOwnCallsOnly() {
        namespace.run(() -> {
            try (RawGreSocket even = RawGreSocket.open(1 << 20, Optional.of(GreFilter.forWorker(0, 2)));
                    RawGreSocket odd = RawGreSocket.open(1 << 20, Optional.of(GreFilter.forWorker(1, 2)))) {
                SendBatch out = new SendBatch(even, 3, 64);
                for (int callId = 1; callId <= 7; callId++) {
                    writeGre(out.buffer(), out.slotOffset(), callId);
                    out.commit(LOOPBACK, 0, 20);
                }
                out.buffer().putShort(out.slotOffset(), (short) 0x3000);
                out.commit(LOOPBACK, 0, 20);
                out.flush();
                assertThat(out.sent()).isEqualTo(8);
                assertThat(callIds(even, 3)).containsExactly(2, 4, 6);
                assertThat(callIds(odd, 4)).containsExactly(1, 3, 5, 7);
                assertThat(even.kernelDrops()).isZero();
            }
        });
    }

    /**
     * The Call IDs of all packets there, once there are so many. The kernel may deliver a little later than it takes.
     */
    private static List<Integer> callIds(RawGreSocket socket, int count) {
        ReceiveBatch in = new ReceiveBatch(socket, 16, 64);
        List<Integer> callIds = new ArrayList<>();
        while (callIds.size() < count) {
            awaitPacket(socket);
            for (int i = 0, received = in.receive(); i < received; i++) {
                callIds.add((int) in.buffer().getShort(in.offset(i) + 20 + 6));
            }
        }
        return callIds;
    }

    private static void awaitPacket(RawGreSocket socket) {
        Poller poller = new Poller(1);
        poller.add(socket.fd(), Poller.READABLE);
        assertThat(poller.await(Await.PATIENCE.toNanos())).as("a packet comes").isEqualTo(1);
    }

    @Test
    void whatTheKernelRefusesIsDroppedAndTheRestIsSent() {
        namespace.run(() -> {
            try (RawGreSocket gre = RawGreSocket.open(1 << 20, Optional.empty())) {
                SendBatch out = new SendBatch(gre, 8, 64);
                for (int destination : new int[]{LOOPBACK, 0x08080808, LOOPBACK}) {
                    writeGre(out.buffer(), out.slotOffset(), 1);
                    out.commit(destination, 0, 20);
                }
                writeGre(out.buffer(), out.slotOffset(), 1);
                out.commit(LOOPBACK, 0x01020304, 20);
                out.flush();
                assertThat(out.sent()).isEqualTo(2);
                assertThat(out.droppedRefused()).isEqualTo(2);
                assertThat(Errno.name(out.lastRefusal())).isIn("ENETUNREACH", "EINVAL");
                assertThat(out.pending()).isZero();
            }
        });
    }

    @Test
    void whatDoesNotFitTheSendBufferIsDropped() {
        namespace.run(() -> {
            try (TunDevice tun = TunDevice.open("pptpit0", 1, Offload.NONE);
                    RawGreSocket gre = RawGreSocket.open(4096, Optional.empty())) {
                NetworkNamespace.output("ip", "link", "set", tun.name(), "up");
                NetworkNamespace.output("ip", "addr", "add", "10.9.0.1/24", "dev", tun.name());
                // Packets wait in the shaper, and so in the account of the socket's buffer.
                NetworkNamespace.output("tc", "qdisc", "add", "dev", tun.name(), "root", "tbf", "rate", "8kbit",
                        "burst", "1600", "latency", "100s");
                SendBatch out = new SendBatch(gre, 16, 1400);
                int firstSlot = out.slotOffset();
                for (int i = 0; i < 16; i++) {
                    writeGre(out.buffer(), out.slotOffset(), i);
                    out.commit(0x0a090002, 0x0a090001, 1400);
                }
                assertThatThrownBy(() -> out.commit(0x0a090002, 0, 1)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("16 of 16 are taken");
                // The seventeenth makes the batch send the others.
                assertThat(out.slotOffset()).isEqualTo(firstSlot);
                assertThat(out.sent()).isBetween(1L, 15L);
                assertThat(out.sent() + out.droppedForRoom()).isEqualTo(16);
                assertThat(out.droppedRefused()).isZero();
                assertThatThrownBy(() -> out.commit(0x0a090002, 0, 1401)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("1401 bytes");
            }
        });
    }

    @Test
    void withOffloadAVirtioHeaderPrecedesEachPacketOfEveryQueue() {
        namespace.run(() -> {
            try (TunDevice tun = TunDevice.open("pptpit0", 2, Offload.TCP_AND_UDP);
                    RawGreSocket gre = RawGreSocket.open(1 << 20, Optional.empty())) {
                NetworkNamespace.output("ip", "link", "set", tun.name(), "addrgenmode", "none");
                NetworkNamespace.output("ip", "link", "set", tun.name(), "up");
                NetworkNamespace.output("ip", "addr", "add", "10.9.0.1/24", "dev", tun.name());
                SendBatch out = new SendBatch(gre, 1, 1400);
                writeGre(out.buffer(), out.slotOffset(), 9);
                out.commit(0x0a090002, 0x0a090001, 20);
                out.flush();
                Poller poller = new Poller(2);
                tun.queues().forEach(queue -> poller.add(queue.fd(), Poller.READABLE));
                assertThat(poller.await(Await.PATIENCE.toNanos())).isEqualTo(1);
                NativeBuffer packet = NativeBuffer.ofPackets(2048);
                TunQueue queue = tun.queues().get(poller.readable(0) ? 0 : 1);
                assertThat(queue.read(packet.address(), packet.size())).isEqualTo(TunDevice.VNET_HEADER_BYTES + 40);
                assertThat(packet.buffer().get(TunDevice.VNET_HEADER_BYTES)).isEqualTo((byte) 0x45);
                assertThat(queue.write(packet.address(), TunDevice.VNET_HEADER_BYTES + 40))
                        .isEqualTo(TunDevice.VNET_HEADER_BYTES + 40);
            }
        });
    }

    @Test
    void aPacketLongerThanItsSlotHasNoLength() {
        namespace.run(() -> {
            try (RawGreSocket gre = RawGreSocket.open(1 << 20, Optional.empty())) {
                SendBatch out = new SendBatch(gre, 1, 1400);
                writeGre(out.buffer(), out.slotOffset(), 1);
                out.commit(LOOPBACK, 0, 1400);
                out.flush();
                ReceiveBatch in = new ReceiveBatch(gre, 2, 1000);
                awaitPacket(gre);
                assertThat(in.receive()).isEqualTo(1);
                assertThat(in.length(0)).isZero();
            }
        });
    }

    @Test
    void aBoundSocketReceivesForItsAddressOnlyAndAForeignAddressIsRefused() {
        namespace.run(() -> {
            try (RawGreSocket bound = RawGreSocket.open(1 << 20, Optional.empty());
                    RawGreSocket sender = RawGreSocket.open(1 << 20, Optional.empty())) {
                bound.bind(0x7f000002);
                SendBatch out = new SendBatch(sender, 2, 64);
                writeGre(out.buffer(), out.slotOffset(), 1);
                out.commit(LOOPBACK, 0, 20);
                writeGre(out.buffer(), out.slotOffset(), 2);
                out.commit(0x7f000002, 0, 20);
                out.flush();
                assertThat(callIds(bound, 1)).containsExactly(2);
                assertThatThrownBy(() -> sender.bind(0x01020304)).isInstanceOf(LinuxException.class)
                        .hasMessageContaining("1.2.3.4")
                        .hasMessageContaining("EADDRNOTAVAIL");
            }
        });
    }

    @Test
    void movingPacketsAllocatesNothing() {
        namespace.run(() -> {
            try (RawGreSocket gre = RawGreSocket.open(1 << 20, Optional.empty());
                    TunDevice tun = TunDevice.open("pptpit0", 1, Offload.NONE);
                    EventFd wakeUp = new EventFd()) {
                NetworkNamespace.output("ip", "link", "set", "pptpit0", "up");
                SendBatch out = new SendBatch(gre, 16, 64);
                ReceiveBatch in = new ReceiveBatch(gre, 16, 128);
                Poller poller = new Poller(2);
                poller.add(gre.fd(), Poller.READABLE);
                int wakeUpSlot = poller.add(wakeUp.fd(), Poller.READABLE);
                NativeBuffer packet = NativeBuffer.ofPackets(2048);
                TunQueue queue = tun.queues().get(0);
                var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
                int woken = 0;
                long before = 0;
                for (int round = 0; round < 3_000; round++) {
                    if (round == 2_000) {
                        before = threads.getCurrentThreadAllocatedBytes();
                    }
                    for (int i = 0; i < 16; i++) {
                        writeGre(out.buffer(), out.slotOffset(), i);
                        out.commit(LOOPBACK, LOOPBACK, 20);
                    }
                    out.flush();
                    wakeUp.signal();
                    poller.await(0);
                    if (poller.readable(wakeUpSlot) && wakeUp.drain()) {
                        woken++;
                    }
                    for (int i = in.receive() - 1; i >= 0; i--) {
                        packet.buffer().putInt(0, in.buffer().getInt(in.offset(i) + 20));
                    }
                    in.receive();
                    queue.read(packet.address(), packet.size());
                }
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(woken).isEqualTo(3_000);
                assertThat(out.sent()).isEqualTo(48_000);
                assertThat(allocated).isLessThan(10_000);
            }
        });
    }

    private static void writeGre(ByteBuffer buffer, int offset, int callId) {
        buffer.putShort(offset, (short) 0x3001)
                .putShort(offset + 2, (short) 0x880b)
                .putShort(offset + 4, (short) 8)
                .putShort(offset + 6, (short) callId);
    }
}
