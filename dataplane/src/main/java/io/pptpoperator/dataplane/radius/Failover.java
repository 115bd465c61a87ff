package io.pptpoperator.dataplane.radius;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which of several servers is asked, and which next. One that let a request's time pass without having answered anything
 * since is passed by for a while; when all are, they are asked in their order all the same. Knows no clock: {@code now} is in
 * milliseconds of one that only goes forward.
 */
final class Failover {
    private final int[] priorities;
    private final long deadTime;
    private final long[] deadUntil;
    private final long[] heardAt;

    /**
     * @param priorities of the servers: smaller is asked first, equal ones share the requests
     * @param deadTime milliseconds that a silent server is passed by
     */
    Failover(List<Integer> priorities, long deadTime) {
        this.priorities = priorities.stream().mapToInt(Integer::intValue).toArray();
        this.deadTime = deadTime;
        deadUntil = new long[this.priorities.length];
        heardAt = new long[this.priorities.length];
        Arrays.fill(deadUntil, Long.MIN_VALUE);
        Arrays.fill(heardAt, Long.MIN_VALUE);
    }

    /** Whether a server is asked before others that are passed by. */
    boolean isAlive(int server, long now) {
        return now >= deadUntil[server];
    }

    /**
     * The server to ask.
     *
     * @param asked who was asked already
     * @param hash of what shall always ask the same server among equals
     */
    int choose(BitSet asked, int hash, long now) {
        Comparator<Integer> order = Comparator.<Integer, Boolean>comparing(it -> !isAlive(it, now))
                // A datagram gets lost now and then: while a server answers others, it is asked again. Of those that do
                // not, each has its turn.
                .thenComparing(it -> !isAlive(it, now) && asked.get(it))
                .thenComparingInt(it -> priorities[it])
                .thenComparing(it -> asked.get(it))
                .thenComparingInt(it -> Math.floorMod(it - hash, priorities.length));
        return IntStream.range(0, priorities.length).boxed().min(order).orElseThrow();
    }

    /** A server answered. */
    void heard(int server, long now) {
        heardAt[server] = now;
        deadUntil[server] = Long.MIN_VALUE;
    }

    /**
     * A server did not answer in time.
     *
     * @param sentAt when it was asked
     * @return whether it is passed by from now on and was not before
     */
    boolean silent(int server, long sentAt, long now) {
        if (heardAt[server] >= sentAt) {
            return false;
        }
        boolean news = isAlive(server, now);
        deadUntil[server] = now + deadTime;
        return news;
    }
}
