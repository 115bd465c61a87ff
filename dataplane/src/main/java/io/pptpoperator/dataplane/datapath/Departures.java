package io.pptpoperator.dataplane.datapath;

import java.util.Arrays;

/** Queues in the order of the times at which they want to be looked at: a heap. For one thread. */
final class Departures {
    private long[] times = new long[64];
    private ShapedQueue[] queues = new ShapedQueue[64];
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** The earliest time; there must be one. */
    long time() {
        return times[0];
    }

    /** Whose it is. */
    ShapedQueue first() {
        return queues[0];
    }

    void add(ShapedQueue queue, long time) {
        if (count == queues.length) {
            times = Arrays.copyOf(times, 2 * count);
            queues = Arrays.copyOf(queues, 2 * count);
        }
        int at = count++;
        while (at > 0 && time - times[(at - 1) / 2] < 0) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        set(at, queue, time);
    }

    /** Gives the first one another time. */
    void moveFirst(long time) {
        sink(queues[0], time);
    }

    void removeFirst() {
        count--;
        ShapedQueue last = queues[count];
        long time = times[count];
        queues[count] = null;
        if (count > 0) {
            sink(last, time);
        }
    }

    private void sink(ShapedQueue queue, long time) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= count) {
                break;
            }
            if (child + 1 < count && times[child + 1] - times[child] < 0) {
                child++;
            }
            if (time - times[child] <= 0) {
                break;
            }
            move(child, at);
            at = child;
        }
        set(at, queue, time);
    }

    private void move(int from, int to) {
        times[to] = times[from];
        queues[to] = queues[from];
    }

    private void set(int at, ShapedQueue queue, long time) {
        times[at] = time;
        queues[at] = queue;
    }
}
