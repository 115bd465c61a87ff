package io.pptpoperator.dataplane.server;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which lines about logins and their ends are written. A user whose client logs in again and again, because it is
 * broken or means harm, must not fill the disk or hide the others: each user has a budget at each source address, and
 * all together have one that a whole fleet which comes back after an outage does not use up. For one thread.
 */
final class LoginLines {
    static final int MOST_OF_USER = 100;
    static final int PER_MINUTE_OF_USER = 30;
    static final int MOST_OF_ALL = 4_000;
    static final int PER_MINUTE_OF_ALL = 3_000;
    /** Users that are remembered; beyond that those who logged in least recently begin anew. */
    static final int MOST_REMEMBERED = 4_096;

    private record Key(String user, Ipv4Address peer) {}

    /** Hears of lines that were left out. */
    @FunctionalInterface
    interface Teller {
        /** So many lines about this user, at this address, were left out. */
        void leftOut(String user, Ipv4Address peer, int lines);
    }

    private final LineBudget all;
    /** In the order of last use. */
    private final LinkedHashMap<Key, LineBudget> users = new LinkedHashMap<>(64, 0.75f, true);
    /** Those of {@link #users} that have something to tell. */
    private final LinkedHashMap<Key, LineBudget> untold = new LinkedHashMap<>();
    private int forgotten;

    LoginLines(long now) {
        all = new LineBudget(MOST_OF_ALL, PER_MINUTE_OF_ALL, now);
    }

    /** Whether a line about this user may be written. */
    boolean take(String user, Ipv4Address peer, long now) {
        Key key = new Key(user, peer);
        LineBudget budget = users.computeIfAbsent(key, it -> new LineBudget(MOST_OF_USER, PER_MINUTE_OF_USER, now));
        if (users.size() > MOST_REMEMBERED) {
            users.pollFirstEntry();
        }
        if (!budget.take(now)) {
            if (untold.size() < MOST_REMEMBERED || untold.containsKey(key)) {
                untold.put(key, budget);
            } else {
                forgotten++;
            }
            return false;
        }
        return all.take(now);
    }

    /** Tells of what was left out, user by user. */
    void tell(long now, Teller teller) {
        var budgets = untold.entrySet().iterator();
        while (budgets.hasNext()) {
            Map.Entry<Key, LineBudget> next = budgets.next();
            int lines = next.getValue().takeOmitted(now);
            if (lines > 0) {
                teller.leftOut(next.getKey().user(), next.getKey().peer(), lines);
                budgets.remove();
            }
        }
    }

    /** How many lines beyond everybody's common budget are to be told of now. */
    int takeOmitted(long now) {
        int lines = forgotten + all.takeOmitted(now);
        forgotten = 0;
        return lines;
    }

    /** How many users are remembered. */
    int remembered() {
        return users.size();
    }
}
