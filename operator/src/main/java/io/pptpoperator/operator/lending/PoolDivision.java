package io.pptpoperator.operator.lending;

import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a server's pools are divided among its members (pods, each under the name that its {@code server.yaml} has).
 * Shares are about equal, and a change moves as few addresses as it can.
 *
 * <p>At no time can two pods lend the same address. An address has one lender, who alone may have it in its share, and
 * changes hands in two steps: its lender's file loses it; when the lender's own pod has told that it runs with that
 * file and that no session has the address, or when no pod has been there for long enough, it is nobody's, and the next
 * division gives it to another. Until then it is kept back, however long that takes: a pod that is silent, or an
 * operator that has just started and knows of no session, moves nothing. For that the lenders are written down with the
 * files, in the same Secret. It holds over restarts of operator and pods, scaling, changed pools and rollouts, as long
 * as that record is kept, and as a pod that the API server knows no more does not go on running (which only forced
 * deletion from a lost node makes possible).
 *
 * <p>Users' own addresses may lie in the pools: every pod gives them to their users only. Those are no member's,
 * because a user may dial any pod. That a user's own address is nobody else's at another pod is looked after in {@code
 * reconciler.Divisions}, by what pods told last; that the user has it at one pod only, in {@code
 * session.SessionLimits}.
 *
 * <p>No division ends a session or needs a pod to go: {@link #served} only says which pods need not be started yet. A
 * pod that is there keeps its file, with the share it has, until there are other addresses for it, or it is gone:
 * without a file it would hear of no change any more, not even of users that were disabled.
 *
 * @param members every member's part, in order of their names
 */
public record PoolDivision(SortedMap<String, Part> members) {

    /** Nobody has anything. */
    public static final PoolDivision NONE = new PoolDivision(new TreeMap<>());

    /**
     * One member's part.
     *
     * @param share what its file says
     * @param lent what it may hand out or has handed out: its share, and what it had before and has not given back
     * @param edition counts the changes of the share. Its file says it, so that a pod that tells which file it runs
     *     with cannot mean an earlier one with the same share
     */
    public record Part(AddressPool share, AddressPool lent, long edition) {

        private static final Part NOTHING = new Part(AddressPool.EMPTY, AddressPool.EMPTY, 0);

        private Part next(AddressPool nextShare, AddressPool nextLent) {
            return new Part(nextShare, nextLent, share.equals(nextShare) ? edition : edition + 1);
        }
    }

    /**
     * What is known of the members' pods.
     *
     * @param running members that have a pod, whatever its state
     * @param confirmed members whose pods have all told that they run with the file of the division asked
     * @param gone members without a pod for so long that whichever comes next reads the file of the division asked
     * @param inUse the addresses of members' sessions, told together with what confirmed says; without those that users
     *     have because they are their own
     */
    public record Observation(Set<String> running, Set<String> confirmed, Set<String> gone,
            Map<String, ? extends Collection<Ipv4Address>> inUse) {

        /** Nobody has said anything. */
        public static final Observation NOTHING = new Observation(Set.of(), Set.of(), Set.of(), Map.of());

        private AddressPool usedBy(String member) {
            Collection<Ipv4Address> addresses = inUse.get(member);
            return addresses == null
                    ? AddressPool.EMPTY
                    : AddressPool.of(addresses.stream().map(it -> new AddressRange(it, it)).toList());
        }
    }

    /** Copies the map. */
    public PoolDivision {
        members = new TreeMap<>(members);
    }

    /** Reads what {@link #toText} wrote; an unreadable text is nobody's division. */
    public static PoolDivision parse(String text) {
        var members = new TreeMap<String, Part>();
        for (String line : text.lines().toList()) {
            String[] parts = line.split(" ", -1);
            // Operators before the editions wrote three columns.
            if (parts.length != 3 && parts.length != 4) {
                return NONE;
            }
            try {
                members.put(parts[0],
                        new Part(poolOf(parts[1]), poolOf(parts[2]), parts.length == 3 ? 0 : Long.parseLong(parts[3])));
            } catch (IllegalArgumentException e) {
                return NONE;
            }
        }
        return new PoolDivision(members);
    }

    private static AddressPool poolOf(String text) {
        return text.isEmpty() ? AddressPool.EMPTY : AddressPool.parse(text);
    }

    /** One line a member: its name, its share, what it lends and the edition, with blanks between them. */
    public String toText() {
        var text = new StringBuilder();
        members.forEach((name, part) -> text.append(name)
                .append(' ')
                .append(part.share())
                .append(' ')
                .append(part.lent())
                .append(' ')
                .append(part.edition())
                .append('\n'));
        return text.toString();
    }

    /** What one member's file says; empty for a member without a share. */
    public AddressPool shareOf(String member) {
        return members.getOrDefault(member, Part.NOTHING).share();
    }

    /** The members that may lend anything. */
    public Set<String> lenders() {
        return members.entrySet()
                .stream()
                .filter(it -> !it.getValue().lent().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether nothing is on its way from one member to another, or kept back for a session. */
    public boolean isSettled(AddressPool pools) {
        AddressPool shared = AddressPool.EMPTY;
        for (Part part : members.values()) {
            if (!part.lent().equals(part.share())) {
                return false;
            }
            shared = shared.plus(part.share());
        }
        return members.isEmpty() || pools.minus(shared).isEmpty();
    }

    /**
     * How many members, counted from the first, may have a pod. A pod without a share could not start, so it waits; but
     * no pod that is there has to go because its addresses have not come yet.
     *
     * @param inOrder the members that shall have pods, in the order in which these are numbered
     * @param running members that have a pod
     */
    public int served(List<String> inOrder, Set<String> running) {
        int count = 0;
        for (int i = 0; i < inOrder.size(); i++) {
            if (running.contains(inOrder.get(i)) || count == i && !shareOf(inOrder.get(i)).isEmpty()) {
                count = i + 1;
            }
        }
        return count;
    }

    /**
     * The next division.
     *
     * @param pools what there is to divide
     * @param wanted the members that shall have a share
     * @param seen what is known of the members of this division
     */
    public PoolDivision next(AddressPool pools, SortedSet<String> wanted, Observation seen) {
        Map<String, Long> targets = targets(pools, wanted);
        Map<String, AddressPool> strays = strays(pools, seen);
        var shares = new TreeMap<String, AddressPool>();
        var lent = new TreeMap<String, AddressPool>();
        members.forEach((name, part) -> {
            AddressPool left = common(part.share(), pools).minus(allBut(name, strays));
            boolean ending = !wanted.contains(name) && seen.running().contains(name);
            shares.put(name, ending ? part.share() : first(left, targets.getOrDefault(name, 0L)));
            lent.put(name, stillLent(name, part, seen));
        });
        strays.forEach((name, stray) -> lent.merge(name, stray.minus(allBut(name, lent)), AddressPool::plus));
        for (String name : wanted) {
            AddressPool share = shares.getOrDefault(name, AddressPool.EMPTY);
            AddressPool free = pools.minus(share).minus(allBut(name, lent)).minus(allBut(name, strays));
            AddressPool grown = share.plus(first(free, targets.get(name) - share.size()));
            shares.put(name,
                    grown.isEmpty() && seen.running().contains(name)
                            ? shareOf(name).minus(allBut(name, strays))
                            : grown);
            lent.merge(name, grown, AddressPool::plus);
        }
        var next = new TreeMap<String, Part>();
        lent.forEach((name, its) -> {
            if (wanted.contains(name) || !its.isEmpty()) {
                next.put(name, members.getOrDefault(name, Part.NOTHING)
                        .next(shares.getOrDefault(name, AddressPool.EMPTY), its));
            }
        });
        return new PoolDivision(next);
    }

    /**
     * What members' sessions have, although the members do not lend it: addresses that were users' own until a moment
     * ago, or of sessions from before a record that was lost. Nobody else may lend them as long.
     */
    private Map<String, AddressPool> strays(AddressPool pools, Observation seen) {
        var strays = new TreeMap<String, AddressPool>();
        for (String name : seen.inUse().keySet()) {
            AddressPool stray = common(seen.usedBy(name), pools).minus(members.getOrDefault(name, Part.NOTHING).lent());
            if (!stray.isEmpty()) {
                strays.put(name, stray);
            }
        }
        return strays;
    }

    private static AddressPool stillLent(String name, Part part, Observation seen) {
        if (seen.gone().contains(name)) {
            return part.share();
        }
        return seen.confirmed().contains(name) && !part.lent().equals(part.share())
                ? part.share().plus(common(part.lent(), seen.usedBy(name)))
                : part.lent();
    }

    private Map<String, Long> targets(AddressPool pools, SortedSet<String> wanted) {
        List<String> order = new ArrayList<>(wanted);
        if (pools.size() < order.size()) {
            // Whoever has one of the few keeps it: a pod that gets no other does not give it back.
            order.sort(Comparator.comparing(name -> !shareOf(name).overlaps(pools)));
        }
        var targets = new HashMap<String, Long>();
        long rest = pools.size();
        int left = order.size();
        for (String name : order) {
            long target = (rest + left - 1) / left;
            targets.put(name, target);
            rest -= target;
            left--;
        }
        return targets;
    }

    private static AddressPool common(AddressPool one, AddressPool other) {
        return one.minus(one.minus(other));
    }

    private static AddressPool allBut(String name, Map<String, AddressPool> pools) {
        return AddressPool.of(pools.entrySet()
                .stream()
                .filter(it -> !it.getKey().equals(name))
                .flatMap(it -> it.getValue().ranges().stream())
                .toList());
    }

    private static AddressPool first(AddressPool pool, long count) {
        List<AddressRange> ranges = new ArrayList<>();
        long left = count;
        for (AddressRange range : pool.ranges()) {
            if (left <= 0) {
                break;
            }
            ranges.add(range.size() <= left
                    ? range
                    : new AddressRange(range.first(), range.first().plus((int) (left - 1))));
            left -= range.size();
        }
        return AddressPool.of(ranges);
    }
}
