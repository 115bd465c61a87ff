package io.pptpoperator.protocol.ip;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds the owner of a destination address, the most specific prefix first: a session's own address is a /32, a
 * network behind a client is a shorter one.
 *
 * <p>
 * There is one hash table per prefix length in use. As long as only addresses are routed, a lookup is one probe,
 * however many there are; every further length in use costs one more. One thread at a time may write; any number
 * may look up meanwhile, without locks, and see each change whole.
 *
 * @param <T> what routes lead to
 */
public final class RoutingTable<T> {
    private static final int LENGTHS = 33;

    private final PrefixMap<T>[] byLength;
    /** Bit n is set while there are prefixes of length n. */
    private final AtomicLong lengthsInUse = new AtomicLong();
    private int size;

    /** A table without routes. */
    public RoutingTable() {
        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
        PrefixMap<T>[] maps = new PrefixMap[LENGTHS];
        byLength = maps;
        for (int length = 0; length < LENGTHS; length++) {
            byLength[length] = new PrefixMap<>();
        }
    }

    /**
     * The owner of the most specific prefix that contains an address, or null.
     *
     * @param destination the address's 32 bits
     */
    public T find(int destination) {
        long lengths = lengthsInUse.get();
        while (lengths != 0) {
            int length = 63 - Long.numberOfLeadingZeros(lengths);
            T owner = byLength[length].get(destination & mask(length));
            if (owner != null) {
                return owner;
            }
            lengths &= ~(1L << length);
        }
        return null;
    }

    private static int mask(int length) {
        return (int) (0xFFFF_FFFF_0000_0000L >> length);
    }

    /**
     * Adds a route.
     *
     * @param owner not null
     * @return the owner it had before, which has now lost it, or null
     */
    public T put(Ipv4Prefix prefix, T owner) {
        T before = byLength[prefix.length()].put(prefix.network().bits(), owner);
        if (before == null) {
            size++;
            lengthsInUse.set(lengthsInUse.get() | 1L << prefix.length());
        }
        return before;
    }

    /**
     * Removes a route, if it still is this owner's.
     *
     * @return whether it was
     */
    public boolean remove(Ipv4Prefix prefix, T owner) {
        PrefixMap<T> map = byLength[prefix.length()];
        if (!map.remove(prefix.network().bits(), owner)) {
            return false;
        }
        size--;
        if (map.size() == 0) {
            lengthsInUse.set(lengthsInUse.get() & ~(1L << prefix.length()));
        }
        return true;
    }

    /** How many routes there are. */
    public int size() {
        return size;
    }
}
