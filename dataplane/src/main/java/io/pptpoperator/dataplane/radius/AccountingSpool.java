package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.radius.AccountingRecord;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Records of accounting that no server has confirmed yet, within bounds. Records of one session keep their order; a Start and
 * a Stop are tried until a server takes them, an Interim once, as the next one says all that it says. Knows no clock.
 */
final class AccountingSpool {

    /**
     * A record that waits.
     *
     * @param record what is reported
     * @param eventSeconds when it happened, seconds since 1970
     */
    record Entry(AccountingRecord record, long eventSeconds) {
        private boolean isInterim() {
            return record.event() instanceof AccountingRecord.Event.Interim;
        }

        /** Whether nothing goes beside it: what a server does on reading it concerns all sessions. */
        private boolean isAlone() {
            return !record.isOfSession();
        }

        // Two records may say the same: which one is meant is which one it is.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final int most;
    private final int window;
    private final Set<Entry> waiting = new LinkedHashSet<>();
    private final Set<Entry> underWay = new LinkedHashSet<>();
    private long lost;

    /**
     * An empty one.
     *
     * @param most how many records wait at most; beyond, the oldest Interim goes first
     * @param window how many are under way at once
     */
    AccountingSpool(int most, int window) {
        this.most = most;
        this.window = window;
    }

    /** Takes a record on. */
    void add(Entry entry) {
        if (waiting.size() + underWay.size() >= most) {
            Optional<Entry> victim = waiting.stream().filter(Entry::isInterim).findFirst();
            if (victim.isEmpty() && entry.isInterim()) {
                lost++;
                return;
            }
            victim.or(() -> waiting.stream().findFirst()).ifPresent(it -> {
                waiting.remove(it);
                lost++;
            });
        }
        waiting.add(entry);
    }

    /** The next to send now, which is under way from then on. */
    Optional<Entry> take() {
        if (underWay.size() >= window || underWay.stream().anyMatch(Entry::isAlone)) {
            return Optional.empty();
        }
        var busy = new HashSet<String>();
        underWay.forEach(it -> busy.add(it.record().sessionId()));
        for (Iterator<Entry> each = waiting.iterator(); each.hasNext();) {
            Entry entry = each.next();
            if (entry.isAlone() && !underWay.isEmpty()) {
                return Optional.empty(); // its turn comes when all before it have been taken
            }
            if (busy.add(entry.record().sessionId())) {
                each.remove();
                underWay.add(entry);
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** A server has it. */
    void confirmed(Entry entry) {
        underWay.remove(entry);
    }

    /** Nobody has it: it waits in front of all others, or is no longer worth it. */
    void unconfirmed(Entry entry) {
        if (!underWay.remove(entry)) {
            return;
        }
        if (entry.isInterim()) {
            lost++;
            return;
        }
        var rest = new LinkedHashSet<>(waiting);
        waiting.clear();
        waiting.add(entry);
        waiting.addAll(rest);
    }

    /** How many no server has. */
    int size() {
        return waiting.size() + underWay.size();
    }

    /** How many were given up, since the beginning. */
    long lost() {
        return lost;
    }
}
