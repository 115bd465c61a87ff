package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.dataplane.linux.SocketFilter;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The clients' host as far as GRE is concerned: sends packets, and sorts those that come by their Call ID. */
final class GreEnd implements AutoCloseable {
    private static final int SLOTS = 64;
    private static final int SLOT_SIZE = 2048;

    /** A GRE packet that came. */
    record Packet(int flags, int sequence, int ack, byte[] payload) {
        boolean hasData() {
            return (flags & 0x1000) != 0;
        }

        boolean hasAck() {
            return (flags & 0x0080) != 0;
        }
    }

    private final RawGreSocket socket;
    private final SendBatch out;
    private final ReceiveBatch in;
    private final Poller poller = new Poller(1);
    private final Map<Integer, Deque<Packet>> byCallId = new HashMap<>();

    private GreEnd(RawGreSocket socket) {
        this.socket = socket;
        out = new SendBatch(socket, SLOTS, SLOT_SIZE);
        in = new ReceiveBatch(socket, SLOTS, SLOT_SIZE);
        poller.add(socket.fd(), Poller.READABLE);
    }

    /** In the namespace of the thread that calls. */
    static GreEnd open() {
        return open(Optional.empty());
    }

    /** The same, for some packets only. */
    static GreEnd open(Optional<SocketFilter> filter) {
        return new GreEnd(RawGreSocket.open(8 << 20, filter));
    }

    /** Sends a packet from its GRE header on. */
    void send(Ipv4Address from, Ipv4Address to, byte[] packet) {
        out.buffer().put(out.slotOffset(), packet);
        out.commit(to.bits(), from.bits(), packet.length);
        out.flush();
    }

    /** The next packet that carries this Call ID, if one comes within so many milliseconds. */
    Optional<Packet> receive(int callId, long millis) {
        Deque<Packet> queue = byCallId.computeIfAbsent(callId, key -> new ArrayDeque<>());
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis * 1_000_000; queue.isEmpty() && left >= 0; left = end - System.nanoTime()) {
            poller.await(left);
            sort();
        }
        return Optional.ofNullable(queue.poll());
    }

    private void sort() {
        int count = in.receive();
        for (int slot = 0; slot < count; slot++) {
            int ip = in.offset(slot);
            ByteBuffer buffer = in.buffer();
            int gre = ip + (buffer.get(ip) & 15) * 4;
            int flags = buffer.getShort(gre) & 0xffff;
            int header = 8;
            int sequence = (flags & 0x1000) != 0 ? buffer.getInt(gre + header) : -1;
            header += (flags & 0x1000) != 0 ? 4 : 0;
            int ack = (flags & 0x0080) != 0 ? buffer.getInt(gre + header) : -1;
            header += (flags & 0x0080) != 0 ? 4 : 0;
            byte[] payload = new byte[buffer.getShort(gre + 4) & 0xffff];
            buffer.get(gre + header, payload);
            byCallId.computeIfAbsent(buffer.getShort(gre + 6) & 0xffff, key -> new ArrayDeque<>())
                    .add(new Packet(flags, sequence, ack, payload));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
