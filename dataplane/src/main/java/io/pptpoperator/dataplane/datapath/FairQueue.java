package io.pptpoperator.dataplane.datapath;

/**
 * Packets that wait for one worker, in numbered slots of its memory: a queue for each session, from which the sessions
 * take turns by deficit round robin (Shreedhar and Varghese, 1996), so that each gets the same number of bytes however
 * many it sends. There are only so many slots: a session may add to its queue while more slots are free than it holds
 * already (dynamic thresholds, Choudhury and Hahne, 1998). One flood gets half of the slots, two get a third each, and
 * there is always room for those who send little. Belongs to one thread; allocates nothing.
 */
final class FairQueue {
    /** Stands for no slot. */
    static final int NONE = -1;
    private static final int MOST_DEBT = 8 << 20;

    private final int quantum;
    private final int[] next;
    private final int[] cost;
    private final int[] freeSlots;
    private int free;
    /** Sessions with packets, a ring from {@link #head} on; at most one for each slot. */
    private final FlowQueue[] waiting;
    private int head;
    private int count;

    /**
     * @param slots how many slots it gives out: 0 and up
     * @param guests further slot numbers after those, which their owner keeps account of
     * @param quantum bytes of a turn
     */
    FairQueue(int slots, int guests, int quantum) {
        this.quantum = quantum;
        next = new int[slots + guests];
        cost = new int[slots + guests];
        waiting = new FlowQueue[slots + guests];
        freeSlots = new int[slots];
        for (int slot = slots - 1; slot >= 0; slot--) {
            freeSlots[free++] = slot;
        }
    }

    /**
     * Takes a free slot, the one used last if possible since the processor's caches still hold it; or {@link #NONE}.
     */
    int take() {
        return free == 0 ? NONE : freeSlots[--free];
    }

    /** Frees a slot, of a packet that has been passed on or has never been added. */
    void giveBack(int slot) {
        freeSlots[free++] = slot;
    }

    /** Adds the packet in a slot; false when its session holds more than its share already. */
    boolean offer(FlowQueue flow, int slot, int bytes) {
        if (flow.length > free) {
            return false;
        }
        add(flow, slot, bytes);
        return true;
    }

    /** Adds the packet in a slot, whatever its session holds. */
    void add(FlowQueue flow, int slot, int bytes) {
        cost[slot] = bytes;
        if (flow.length == 0) {
            flow.first = slot;
            flow.credit = Math.min(flow.credit, 0);
            append(flow);
        } else {
            next[flow.last] = slot;
        }
        flow.last = slot;
        flow.length++;
    }

    /** Takes the next packet out; returns its slot, which stays taken, or {@link #NONE}. */
    int poll() {
        while (count > 0) {
            FlowQueue flow = waiting[head];
            int slot = flow.first;
            if (cost[slot] <= flow.credit) {
                flow.credit -= cost[slot];
                flow.first = next[slot];
                flow.length--;
                if (flow.length == 0) {
                    removeHead();
                }
                return slot;
            }
            flow.credit += quantum;
            removeHead();
            append(flow);
        }
        return NONE;
    }

    /** Makes a session pay, out of its next turns, for work that its packet turned out to be. */
    void charge(FlowQueue flow, int bytes) {
        flow.credit = Math.max(flow.credit - bytes, -MOST_DEBT);
    }

    private void append(FlowQueue flow) {
        waiting[(head + count) % waiting.length] = flow;
        count++;
    }

    private void removeHead() {
        waiting[head] = null;
        head = (head + 1) % waiting.length;
        count--;
    }

    /** Whether no packet waits. */
    boolean isEmpty() {
        return count == 0;
    }

    /** What was said of the packet in a slot when it was added. */
    int costOf(int slot) {
        return cost[slot];
    }
}
