package io.pptpoperator.protocol.address;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which client has which address now. No address is given out twice, and a user gets the same one again while it is
 * free: the first choice follows from the user's name alone, so that it holds across restarts of the server too, and
 * where that address was taken the one given instead is remembered. A static address is given to nobody but its user.
 *
 * <p>Memory is bounded by the leases themselves, the static addresses and {@link #REMEMBERED} former leases. Safe for
 * use by several threads: every method holds this object's lock for the time of a few map look-ups.
 */
public final class AddressLeases {

    /** How many former leases are remembered; the oldest are forgotten beyond that. */
    public static final int REMEMBERED = 65_536;

    private AddressPool pool = AddressPool.EMPTY;
    private Map<String, Ipv4Address> staticByUser = Map.of();
    private Map<Ipv4Address, String> userByStatic = Map.of();

    private final Map<Ipv4Address, String> leased = new HashMap<>();
    /** Free addresses of the pool and who had them last, oldest first; never a static one. */
    private final LinkedHashMap<Ipv4Address, String> former = new LinkedHashMap<>();
    private final Map<String, Ipv4Address> formerByUser = new HashMap<>();

    /** How many leases lie in the pool: a changed pool may have left some outside. */
    private long leasedInPool;
    /** How many free addresses of the pool wait for their static user. */
    private long reservedInPool;

    /**
     * Starts with nothing leased.
     *
     * @param pool what may be given to anybody
     * @param staticAddresses user to address, each address once, inside the pool or not
     */
    public AddressLeases(AddressPool pool, Map<String, Ipv4Address> staticAddresses) {
        change(pool, staticAddresses);
    }

    /**
     * Replaces the pool and the static addresses. Whoever has an address keeps it, even when it is now outside the
     * pool or somebody else's static one, until it is released.
     *
     * @throws IllegalArgumentException when two users have the same static address
     */
    public synchronized void change(AddressPool newPool, Map<String, Ipv4Address> staticAddresses) {
        var byAddress = new HashMap<Ipv4Address, String>();
        staticAddresses.forEach((user, address) -> {
            if (byAddress.put(address, user) != null) {
                throw new IllegalArgumentException("static address " + address + " belongs to two users");
            }
        });
        pool = newPool;
        staticByUser = Map.copyOf(staticAddresses);
        userByStatic = byAddress;
        former.keySet().removeIf(address -> !isForAnybody(address));
        formerByUser.values().removeIf(address -> !former.containsKey(address));
        leasedInPool = leased.keySet().stream().filter(pool::contains).count();
        reservedInPool = userByStatic.keySet()
                .stream()
                .filter(address -> pool.contains(address) && !leased.containsKey(address))
                .count();
    }

    /**
     * Leases an address: the user's static one, else the one it had before, else the pool's next free one. A user whose
     * static address is in use, by an own session for instance, gets one of the pool.
     *
     * @param unusable tells of addresses that must not be given to anybody now
     * @return empty when no address is left for this user
     */
    public synchronized Optional<Ipv4Address> lease(String user, Predicate<Ipv4Address> unusable) {
        Ipv4Address address = choose(user, unusable);
        if (address == null) {
            return Optional.empty();
        }
        take(address, user);
        return Optional.of(address);
    }

    /**
     * Leases the address that a user has got from another process, whether or not it would get it today.
     *
     * @throws IllegalStateException when somebody has it
     */
    public synchronized void takeOver(String user, Ipv4Address address) {
        if (leased.containsKey(address)) {
            throw new IllegalStateException("address " + address + " is leased already");
        }
        take(address, user);
    }

    private void take(Ipv4Address address, String user) {
        forget(address);
        leased.put(address, user);
        if (pool.contains(address)) {
            leasedInPool++;
            if (userByStatic.containsKey(address)) {
                reservedInPool--;
            }
        }
    }

    /**
     * Leases this address and no other, which may be one of the pool or not.
     *
     * @return empty when somebody has it, or it is another user's static one
     */
    public synchronized Optional<Ipv4Address> leaseOnly(String user, Ipv4Address address) {
        boolean anothers = !user.equals(userByStatic.getOrDefault(address, user));
        if (anothers || leased.containsKey(address)) {
            return Optional.empty();
        }
        take(address, user);
        return Optional.of(address);
    }

    /** Leases an address, whichever it is. */
    public Optional<Ipv4Address> lease(String user) {
        return lease(user, address -> false);
    }

    private Ipv4Address choose(String user, Predicate<Ipv4Address> unusable) {
        Ipv4Address own = staticByUser.get(user);
        if (own != null && !leased.containsKey(own) && !unusable.test(own)) {
            return own;
        }
        Ipv4Address before = formerByUser.get(user);
        if (before != null && !unusable.test(before)) {
            return before;
        }
        if (leasedInPool + reservedInPool + former.size() < pool.size()) {
            Ipv4Address untouched = nextUntouched(user, unusable);
            if (untouched != null) {
                return untouched;
            }
        }
        return former.keySet().stream().filter(unusable.negate()).findFirst().orElse(null);
    }

    /** Walks once around from the place that the user's name decides; null when all that is free is unusable. */
    private Ipv4Address nextUntouched(String user, Predicate<Ipv4Address> unusable) {
        // A multiplication with 2^32 divided by the golden ratio spreads names that differ in the last letter only.
        long index = Integer.toUnsignedLong(user.hashCode() * 0x9E3779B9) % pool.size();
        for (long tries = 0; tries < pool.size(); tries++) {
            Ipv4Address address = pool.at(index);
            if (isForAnybody(address) && !leased.containsKey(address) && !former.containsKey(address)
                    && !unusable.test(address)) {
                return address;
            }
            index = (index + 1) % pool.size();
        }
        return null;
    }

    private boolean isForAnybody(Ipv4Address address) {
        return pool.contains(address) && !userByStatic.containsKey(address);
    }

    /**
     * Takes a leased address back.
     *
     * @throws IllegalStateException when nobody has it: releasing twice would give one address to two clients
     */
    public synchronized void release(Ipv4Address address) {
        String user = leased.remove(address);
        if (user == null) {
            throw new IllegalStateException("address " + address + " is not leased");
        }
        if (!pool.contains(address)) {
            return;
        }
        leasedInPool--;
        if (userByStatic.containsKey(address)) {
            reservedInPool++;
            return;
        }
        keepFor(user, address);
    }

    private void keepFor(String user, Ipv4Address address) {
        former.put(address, user);
        formerByUser.put(user, address);
        if (former.size() > REMEMBERED) {
            forgetOldest();
        }
    }

    /** The free addresses of the pool that somebody had, and who, the first to be forgotten first. */
    public synchronized Map<Ipv4Address, String> former() {
        return new LinkedHashMap<>(former);
    }

    /** Keeps an address for a user who had it from another process; nothing is done if it is not to be given to anybody. */
    public synchronized void remember(String user, Ipv4Address address) {
        if (isForAnybody(address) && !leased.containsKey(address) && !former.containsKey(address)) {
            keepFor(user, address);
        }
    }

    private void forgetOldest() {
        Iterator<Map.Entry<Ipv4Address, String>> oldest = former.entrySet().iterator();
        Map.Entry<Ipv4Address, String> entry = oldest.next();
        formerByUser.remove(entry.getValue(), entry.getKey());
        oldest.remove();
    }

    private void forget(Ipv4Address address) {
        String user = former.remove(address);
        if (user != null) {
            formerByUser.remove(user, address);
        }
    }

    /** How many addresses the pool has, free or not. */
    public synchronized long size() {
        return pool.size();
    }

    /** How many addresses of the pool are leased. */
    public synchronized long used() {
        return leasedInPool;
    }

    /** Whether {@code user} could be given {@code address} as things are configured now. */
    public synchronized boolean mayHave(String user, Ipv4Address address) {
        return pool.contains(address) || address.equals(staticByUser.get(user));
    }
}
