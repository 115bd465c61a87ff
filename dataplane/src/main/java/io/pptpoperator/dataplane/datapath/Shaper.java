package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.ip.Ipv4Header;
import io.pptpoperator.protocol.rate.RateBucket;
import java.nio.ByteBuffer;

/**
 * Holds the packets of sessions with a rate, of one worker and direction, until they may leave, and passes them on then.
 * Whoever has no rate does not come by here. It belongs to one thread and has no timer: its owner asks for {@link
 * #nextDeparture} before it sleeps. All times are nanoseconds but where it says otherwise.
 */
final class Shaper {
    /** A queue is looked at so often at least, so that another rate soon counts for what waits already. */
    private static final long LONGEST_WAIT = 50_000_000;

    /** Where packets go that may leave. */
    @FunctionalInterface
    interface Exit {

        /**
         * Takes a packet in the order of its session.
         *
         * @param buffer holds it, and {@link TunOutput#HEADROOM} bytes of no more use before it
         * @param address of the buffer's first byte
         * @param now milliseconds
         */
        void pass(WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset, int length, long now);
    }

    private final PacketSlab slab;
    private final Departures departures = new Departures();
    private final Exit exit;
    private final DropCounters drops;
    private final DropCause cause;

    /**
     * Holds nothing yet.
     *
     * @param slab may be that of another shaper of the same thread, too
     * @param cause what packets are dropped for where there are too many
     */
    Shaper(PacketSlab slab, Exit exit, DropCounters drops, DropCause cause) {
        this.slab = slab;
        this.exit = exit;
        this.drops = drops;
        this.cause = cause;
    }

    /** Whether a packet of this queue may pass at once; then it is paid for. Otherwise it has to {@link #hold}. */
    boolean passes(ShapedQueue queue, int length, long now) {
        if (!queue.isEmpty() || !queue.bucket().isReady(now)) {
            return false;
        }
        queue.bucket().take(length, now);
        return true;
    }

    /** Keeps a copy of a packet until it may leave. */
    void hold(ShapedQueue queue, ByteBuffer buffer, int offset, int length, long now) {
        int slot = length > PacketSlab.LONGEST ? PacketSlab.NONE : slab.put(buffer, offset, length, now);
        if (slot == PacketSlab.NONE) {
            drops.count(cause);
            return;
        }
        boolean first = queue.isEmpty();
        queue.add(flowOf(buffer, offset), slot, slab);
        count(queue.takeDropped());
        if (first) {
            queue.readyAt = queue.bucket().readyAt();
            departures.add(queue, lookAt(queue, now));
        }
    }

    private static long lookAt(ShapedQueue queue, long now) {
        return queue.readyAt - now > LONGEST_WAIT ? now + LONGEST_WAIT : queue.readyAt;
    }

    /** Addresses, protocol and, but for fragments, ports or what stands there: any mixture of them would do. */
    private static int flowOf(ByteBuffer packet, int offset) {
        int tag = Ipv4Header.source(packet, offset) * 31 + Ipv4Header.destination(packet, offset);
        int protocol = Ipv4Header.protocol(packet, offset);
        int header = Ipv4Header.headerLength(packet, offset);
        boolean ports = (protocol == Ipv4Header.TCP || protocol == Ipv4Header.UDP)
                && !Ipv4Header.isFragment(packet, offset)
                && Ipv4Header.totalLength(packet, offset) >= header + Integer.BYTES;
        if (ports) {
            tag = tag * 31 + packet.getInt(offset + header);
        }
        return tag * 31 + protocol;
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return departures.isEmpty();
    }

    /** When there is something to do at the earliest; something must wait. */
    long nextDeparture() {
        return departures.time();
    }

    /**
     * Passes on what may leave, but no more than so many packets; returns how many it has looked at.
     *
     * @param millis the same time in milliseconds, as counters have it
     */
    int release(int most, long now, long millis) {
        int looks = 0;
        while (looks < most && !departures.isEmpty() && departures.time() - now <= 0) {
            looks++;
            ShapedQueue queue = departures.first();
            if (queue.isOver()) {
                queue.clear(slab);
                departures.removeFirst();
                continue;
            }
            if (queue.readyAt - now > 0) {
                RateBucket bucket = queue.bucket();
                if (bucket.readyAt() - queue.readyAt < 0) {
                    queue.readyAt = bucket.readyAt();
                }
            } else {
                passOn(queue, now, millis);
            }
            if (queue.isEmpty()) {
                departures.removeFirst();
            } else {
                departures.moveFirst(lookAt(queue, now));
            }
        }
        return looks;
    }

    private void passOn(ShapedQueue queue, long now, long millis) {
        int slot = queue.poll(slab, now);
        count(queue.takeDropped());
        int length = slab.length(slot);
        queue.readyAt = queue.bucket().take(length, now);
        exit.pass(queue.tunnel(), slab.buffer(slot), slab.address(slot), slab.offset(slot), length, millis);
        slab.giveBack(slot);
    }

    /** Passes on all that waits in a queue, whose rate is over. */
    void flush(ShapedQueue queue, long now, long millis) {
        while (!queue.isEmpty()) {
            passOn(queue, now, millis);
        }
        queue.end();
    }

    private void count(int dropped) {
        for (int i = 0; i < dropped; i++) {
            drops.count(cause);
        }
    }
}
