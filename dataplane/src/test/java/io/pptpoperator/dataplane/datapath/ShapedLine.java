package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.ip.Packets;
import io.pptpoperator.protocol.rate.RateBucket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * One worker's shaper in virtual time, with senders before it that behave like TCP, and a path behind it on which
 * acknowledgments take a round trip. Whatever the machine does, it comes out the same.
 */
final class ShapedLine {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final int PACKET = 1_400;
    /** What TCP/IP headers with timestamps take of each packet. */
    static final int HEADERS = 52;
    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final int NUMBER_AT = 28;
    private static final int LATE = 500_000;

    private record Event(long time, long order, Runnable action) {}

    final PacketSlab slab = new PacketSlab();
    final DropCounters drops = new DropCounters();
    final Shaper shaper = new Shaper(slab, this::passed, drops, DropCause.RATE_LIMIT_DOWN);
    private final NativeBuffer memory = NativeBuffer.ofPackets(2_048);
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
    private final Map<Integer, Runnable> awaited = new HashMap<>();
    private final Map<WorkerTunnel, Long> passedBytes = new HashMap<>();
    private final List<byte[]> arrived = new ArrayList<>();
    private long order;
    private int number;
    private int callId = 1;
    long now = 5 * SECOND;

    /** A session with nothing in its queue. */
    ShapedQueue session(RateBucket bucket) {
        Ipv4Address address = Ipv4Address.parse("192.0.2.1");
        TunnelSpec spec = new TunnelSpec(address, address, 1, false, 1, 1);
        return new ShapedQueue(new WorkerTunnel(spec, callId++, 0, new PeerPath(address, address),
                new ReceiveWindow(new ReorderSlab(2, 64), 1, 1), null), bucket);
    }

    ShapedQueue session(long bitsPerSecond) {
        return session(new RateBucket(bitsPerSecond, 0, now));
    }

    /** Bytes of IP of a session that have passed. */
    long passed(ShapedQueue queue) {
        return passedBytes.getOrDefault(queue.tunnel(), 0L);
    }

    /** All packets that have passed, in order. */
    List<byte[]> arrived() {
        return arrived;
    }

    /** Sends a packet of so many bytes, of the flow with this port; {@code then} runs when it has passed. */
    void send(ShapedQueue queue, int port, int length, Runnable then) {
        int mark = number++;
        awaited.put(mark, then);
        int protocol = port == 0 ? ICMP : TCP;
        byte[] packet = Packets.ip(Packets.SERVER, Packets.CLIENT, protocol, 0, 0, new byte[0], new byte[length - 20]);
        ByteBuffer.wrap(packet).putInt(20, port << 16 | 80).putInt(NUMBER_AT, mark);
        memory.buffer().put(TunOutput.HEADROOM, packet);
        if (shaper.passes(queue, length, now)) {
            passed(queue.tunnel(), memory.buffer(), 0, TunOutput.HEADROOM, length, now / MILLI);
        } else {
            shaper.hold(queue, memory.buffer(), TunOutput.HEADROOM, length, now);
        }
    }

    private void passed(WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset, int length, long millis) {
        byte[] packet = new byte[length];
        buffer.get(offset, packet);
        if (arrived.size() < 10_000) {
            arrived.add(packet);
        }
        passedBytes.merge(tunnel, (long) length, Long::sum);
        awaited.remove(buffer.getInt(offset + NUMBER_AT)).run();
    }

    void at(long time, Runnable action) {
        events.add(new Event(time, order++, action));
    }

    /** Lets time pass; the worker looks as late as it may. */
    void run(long nanos) {
        long end = now + nanos;
        while (true) {
            long next = events.isEmpty() ? end : Math.min(end, events.peek().time());
            if (!shaper.isEmpty()) {
                next = Math.min(next, Math.max(now + LATE, shaper.nextDeparture()));
            }
            now = Math.max(now, Math.min(next, end));
            while (!events.isEmpty() && events.peek().time() <= now) {
                events.poll().action().run();
            }
            shaper.release(128, now, now / MILLI);
            if (now == end) {
                return;
            }
        }
    }

    /** A TCP sender that always has data: slow start, then more by a packet a round trip, and less after a loss. */
    final class Download {
        private static final double LESS = 0.7;
        private static final long PATIENCE = 300 * MILLI;

        private final ShapedQueue queue;
        private final int port;
        private final long roundTrip;
        private final TreeSet<Integer> underWay = new TreeSet<>();
        private double window = 10;
        private double threshold = Double.MAX_VALUE;
        private int next;
        private int recover;
        private long lastAck;
        private long payload;

        Download(ShapedQueue queue, int port, long roundTrip) {
            this.queue = queue;
            this.port = port;
            this.roundTrip = roundTrip;
            at(now, this::start);
        }

        private void start() {
            lastAck = now;
            fill();
            at(now + PATIENCE, this::watch);
        }

        /** Bytes that were acknowledged, without headers. */
        long payload() {
            return payload;
        }

        private void fill() {
            while (underWay.size() < (int) window) {
                int index = next++;
                underWay.add(index);
                send(queue, port, PACKET, () -> at(now + roundTrip, () -> acknowledged(index)));
            }
        }

        private void watch() {
            if (now - lastAck >= PATIENCE) {
                underWay.clear();
                lost(next);
                window = 1;
                lastAck = now;
                fill();
            }
            at(now + PATIENCE / 3, this::watch);
        }

        private void acknowledged(int index) {
            lastAck = now;
            payload += PACKET - HEADERS;
            underWay.remove(index);
            window += window < threshold ? 1 : 1 / window;
            while (!underWay.isEmpty() && underWay.first() < index - 3) {
                lost(underWay.pollFirst());
            }
            fill();
        }

        private void lost(int index) {
            if (index >= recover) {
                recover = next;
                window = Math.max(2, window * LESS);
                threshold = window;
            }
        }
    }
}
