package io.pptpoperator.operator.render;

import io.pptpoperator.dataplane.address.AddressPool;
import io.pptpoperator.dataplane.address.AddressRange;
import io.pptpoperator.dataplane.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * How a server's pools are divided among its members (pods, each under the name that its {@code server.yaml} has), so
 * that no address is given to two clients. Shares are about equal, and a change moves as few addresses as it can.
 *
 * <p>An address moves in two steps, because a member that lost it goes on handing it out until it has read its new file:
 * first its old owner's share shrinks; then, when the old owner has confirmed that, and the last session with the address
 * is over, its new owner gets it.
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
     * @param lent what it may hand out: its share, and what it had before and has not confirmed the loss of
     */
    public record Part(AddressPool share, AddressPool lent) {

        private static final Part NOTHING = new Part(AddressPool.EMPTY, AddressPool.EMPTY);
    }

    /**
     * What is known of the members' pods.
     *
     * @param running members that have a pod, whatever its state
     * @param confirmed those of them that run with the share they have in the division asked
     * @param inUse the addresses of every member's sessions
     */
    public record Observation(Set<String> running, Set<String> confirmed,
            Map<String, ? extends Collection<Ipv4Address>> inUse) {

        /** Nobody runs. */
        public static final Observation NOTHING_RUNS = new Observation(Set.of(), Set.of(), Map.of());
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
            if (parts.length != 3) {
                return NONE;
            }
            try {
                members.put(parts[0], new Part(poolOf(parts[1]), poolOf(parts[2])));
            } catch (IllegalArgumentException e) {
                return NONE;
            }
        }
        return new PoolDivision(members);
    }

    private static AddressPool poolOf(String text) {
        return text.isEmpty() ? AddressPool.EMPTY : AddressPool.parse(text);
    }

    /** One line a member: its name, its share and what it lends, with blanks between them. */
    public String toText() {
        var text = new StringBuilder();
        members.forEach((name, part) -> text.append(name).append(' ').append(part.share()).append(' ')
                .append(part.lent()).append('\n'));
        return text.toString();
    }

    /** What one member's file says; empty for a member without a share. */
    public AddressPool shareOf(String member) {
        return members.getOrDefault(member, Part.NOTHING).share();
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
     * The next division.
     *
     * @param pools what there is to divide
     * @param wanted the members that shall have a share
     * @param seen what is known of the members of this division
     */
    public PoolDivision next(AddressPool pools, SortedSet<String> wanted, Observation seen) {
        Map<String, Long> targets = targets(pools.size(), wanted);
        var shares = new TreeMap<String, AddressPool>();
        var lent = new TreeMap<String, AddressPool>();
        members.forEach((name, part) -> {
            boolean running = seen.running().contains(name);
            if (running || wanted.contains(name)) {
                AddressPool stillThere = part.share().minus(part.share().minus(pools));
                shares.put(name, first(stillThere, targets.getOrDefault(name, 0L)));
                // A pod that is yet to start reads the file as it is now.
                lent.put(name, !running || seen.confirmed().contains(name) ? part.share() : part.lent());
            }
        });
        Map<String, AddressPool> taken = new HashMap<>(lent);
        seen.inUse().forEach((name, addresses) -> taken.merge(name, pool(addresses), AddressPool::plus));
        for (String name : wanted) {
            AddressPool share = shares.getOrDefault(name, AddressPool.EMPTY);
            AddressPool free = pools.minus(share).minus(takenByOthers(taken, name));
            AddressPool grown = share.plus(first(free, targets.get(name) - share.size()));
            shares.put(name, grown);
            taken.merge(name, grown, AddressPool::plus);
        }
        var next = new TreeMap<String, Part>();
        shares.forEach((name, share) -> next.put(name,
                new Part(share, share.plus(lent.getOrDefault(name, AddressPool.EMPTY)))));
        return new PoolDivision(next);
    }

    private static Map<String, Long> targets(long addresses, SortedSet<String> wanted) {
        var targets = new HashMap<String, Long>();
        long rest = addresses;
        int left = wanted.size();
        for (String name : wanted) {
            long target = (rest + left - 1) / left;
            targets.put(name, target);
            rest -= target;
            left--;
        }
        return targets;
    }

    private static AddressPool takenByOthers(Map<String, AddressPool> taken, String member) {
        AddressPool others = AddressPool.EMPTY;
        for (Map.Entry<String, AddressPool> entry : taken.entrySet()) {
            if (!entry.getKey().equals(member)) {
                others = others.plus(entry.getValue());
            }
        }
        return others;
    }

    private static AddressPool pool(Collection<Ipv4Address> addresses) {
        return AddressPool.of(addresses.stream().map(address -> new AddressRange(address, address)).toList());
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
