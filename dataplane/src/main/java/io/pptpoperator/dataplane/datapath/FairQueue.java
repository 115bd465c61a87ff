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
    private final Turn[] turns;
    private final int[] freeSlots;
    private int free;
    /** Sessions with packets, a ring from {@link #head} on; at most one for each slot. */
    private final Turn[] waiting;
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
        turns = new Turn[slots + guests];
        waiting = new Turn[slots + guests];
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
    boolean offer(Turn turn, int slot, int bytes) {
        if (turn.length > free) {
            return false;
        }
        add(turn, slot, bytes);
        return true;
    }

    /** Adds the packet in a slot, whatever its session holds. */
    void add(Turn turn, int slot, int bytes) {
        turns[slot] = turn;
        cost[slot] = bytes;
        if (turn.length == 0) {
            turn.first = slot;
            turn.credit = Math.min(turn.credit, 0);
            append(turn);
        } else {
            next[turn.last] = slot;
        }
        turn.last = slot;
        turn.length++;
    }

    /** Takes the next packet out; returns its slot, which stays taken, or {@link #NONE}. */
    int poll() {
        while (count > 0) {
            Turn turn = waiting[head];
            int slot = turn.first;
            if (cost[slot] <= turn.credit) {
                turn.credit -= cost[slot];
                turn.first = next[slot];
                turn.length--;
                if (turn.length == 0) {
                    removeHead();
                }
                return slot;
            }
            turn.credit += quantum;
            removeHead();
            append(turn);
        }
        return NONE;
    }

    /** Makes a session pay, out of its next turns, for work that its packet turned out to be. */
    void charge(Turn turn, int bytes) {
        turn.credit = Math.max(turn.credit - bytes, -MOST_DEBT);
    }

    private void append(Turn turn) {
        waiting[(head + count) % waiting.length] = turn;
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

    /** Whose packet is in a slot that was just taken out. */
    WorkerTunnel tunnelOf(int slot) {
        return turns[slot].tunnel();
    }

    /** What was said of the packet in a slot when it was added. */
    int costOf(int slot) {
        return cost[slot];
    }
}
