package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.rate.ControlledDelay;
import io.pptpoperator.protocol.rate.RateBucket;
import java.util.Arrays;

/**
 * What waits of one session and direction for its rate: a queue for each of its flows, which take turns, one that has
 * just begun first, and which {@link ControlledDelay} keeps short (FQ-CoDel, RFC 8290). So a download leaves a ping or a
 * name server's answer of the same client alone, however many connections it has. While nothing waits it is a few fields.
 * For one thread; allocates only for the first packets of more flows than there have been at once.
 */
final class ShapedQueue {
    /** Flows with a queue of their own; all others share one, the last. */
    private static final int MOST_FLOWS = 16;
    /** Bytes that a flow passes on before it is the next one's turn. */
    private static final int QUANTUM = 1_514;
    private static final int FULL_PACKET = 1_500;
    /** More than this, at the rate, is held of no session, whatever {@link ControlledDelay} says: half a second. */
    private static final long LONGEST = 500_000_000;
    private static final int LEAST_ROOM = 32 * FULL_PACKET;

    private static final class Flow {
        final ControlledDelay delay = new ControlledDelay();
        int tag;
        int first;
        int last;
        int packets;
        int bytes;
        int credit;
        /** The next in the list that it is in, if it is in one. */
        Flow next;
        boolean listed;
    }

    /** Flows in the order of their turns. */
    private static final class Turns {
        Flow first;
        Flow last;

        void append(Flow flow) {
            flow.next = null;
            if (first == null) {
                first = flow;
            } else {
                last.next = flow;
            }
            last = flow;
        }

        Flow removeFirst() {
            Flow flow = first;
            first = flow.next;
            flow.next = null;
            return flow;
        }
    }

    private final WorkerTunnel tunnel;
    private RateBucket bucket;
    private final Turns begun = new Turns();
    private final Turns going = new Turns();
    private Flow[] flows = {};
    private int busy;
    private int packets;
    private int bytes;
    private int dropped;
    private boolean over;
    /** From when on its next packet may leave, while there is one. */
    long readyAt;

    /** With nothing in it; {@code bucket} may be that of other queues, too. */
    ShapedQueue(WorkerTunnel tunnel, RateBucket bucket) {
        this.tunnel = tunnel;
        this.bucket = bucket;
    }

    WorkerTunnel tunnel() {
        return tunnel;
    }

    RateBucket bucket() {
        return bucket;
    }

    /** What waits leaves by another rate from now on. */
    void moveTo(RateBucket other) {
        bucket = other;
    }

    boolean isEmpty() {
        return packets == 0;
    }

    int packets() {
        return packets;
    }

    int bytes() {
        return bytes;
    }

    /** It takes no more packets, and what waits is nobody's any more. */
    void end() {
        over = true;
    }

    /** Whether what waits is to be thrown away. */
    boolean isOver() {
        return over || tunnel.isClosed();
    }

    /**
     * Adds a packet, and drops others, the oldest of the flow that has most, where there are too many.
     *
     * @param tag the same for all packets of a flow
     */
    void add(int tag, int slot, PacketSlab slab) {
        Flow flow = flow(tag);
        int length = slab.length(slot);
        if (flow.packets == 0) {
            flow.first = slot;
            busy++;
            if (!flow.listed) {
                flow.listed = true;
                flow.credit = QUANTUM;
                begun.append(flow);
            }
        } else {
            slab.link(flow.last, slot);
        }
        flow.last = slot;
        flow.packets++;
        flow.bytes += length;
        packets++;
        bytes += length;
        long room = Math.max(LEAST_ROOM, bucket.bytes(LONGEST));
        while (bytes > room || packets > 1 && packets > slab.free()) {
            dropOldest(fattest(), slab);
        }
    }

    private Flow flow(int tag) {
        Flow empty = null;
        for (int i = 0; i < flows.length; i++) {
            Flow flow = flows[i];
            if (flow.packets > 0 && flow.tag == tag && i < MOST_FLOWS) {
                return flow;
            }
            if (flow.packets == 0 && (empty == null || flow.tag == tag) && i < MOST_FLOWS) {
                empty = flow;
            }
        }
        boolean shared = flows.length > MOST_FLOWS;
        if (shared && (empty == null || flows[MOST_FLOWS].packets > 0)) {
            return flows[MOST_FLOWS]; // as long as anything waits there, which may be this flow's, or it would be overtaken
        }
        if (empty == null) {
            empty = new Flow();
            flows = Arrays.copyOf(flows, flows.length + 1);
            flows[flows.length - 1] = empty;
        }
        empty.tag = tag;
        return empty;
    }

    private Flow fattest() {
        Flow most = flows[0];
        for (Flow flow : flows) {
            if (flow.bytes > most.bytes) {
                most = flow;
            }
        }
        return most;
    }

    private void dropOldest(Flow flow, PacketSlab slab) {
        slab.giveBack(take(flow, slab));
        dropped++;
    }

    private int take(Flow flow, PacketSlab slab) {
        int slot = flow.first;
        int length = slab.length(slot);
        flow.first = slab.next(slot);
        flow.packets--;
        flow.bytes -= length;
        packets--;
        bytes -= length;
        if (flow.packets == 0) {
            busy--;
        }
        return slot;
    }

    /** Takes the next packet out that is to leave; returns its slot, which stays taken. There must be one. */
    int poll(PacketSlab slab, long now) {
        while (true) {
            boolean isNew = begun.first != null;
            Turns turns = isNew ? begun : going;
            Flow flow = turns.first;
            if (flow.packets > 0 && flow.credit > 0) {
                int slot = pollShort(flow, slab, now);
                flow.credit -= slab.length(slot);
                return slot;
            }
            turns.removeFirst();
            if (flow.packets > 0) {
                flow.credit += QUANTUM;
                going.append(flow);
            } else if (isNew && going.first != null) {
                going.append(flow); // or it could begin again and again, always before the others (RFC 8290 section 4.2)
            } else {
                flow.listed = false;
            }
        }
    }

    private int pollShort(Flow flow, PacketSlab slab, long now) {
        // A packet of each flow may stand here and yet no queue: that is no more than their number makes of it.
        long target = Math.max(ControlledDelay.TARGET, bucket.nanos(FULL_PACKET) * (busy + 1));
        while (true) {
            int slot = take(flow, slab);
            if (!flow.delay.drops(now - slab.since(slot), flow.bytes, target, now)) {
                return slot;
            }
            slab.giveBack(slot);
            dropped++;
        }
    }

    /** Throws away all that waits. */
    void clear(PacketSlab slab) {
        for (Flow flow : flows) {
            while (flow.packets > 0) {
                slab.giveBack(take(flow, slab));
            }
        }
    }

    /** How many packets were dropped since the last call because there were too many. */
    int takeDropped() {
        int count = dropped;
        dropped = 0;
        return count;
    }
}
