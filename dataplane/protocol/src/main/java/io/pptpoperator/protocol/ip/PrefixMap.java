package io.pptpoperator.protocol.ip;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A hash table from an address or network to its owner, with open addressing. One thread writes, any number
 * read without locks: a slot that has become a network's stays that network's, so that a reader who walks past it while
 * another is added or removed misses nothing. When the table has to grow or to shed the slots of removed networks, a
 * new one is built and then published. Networks and owners stand in two arrays, because an object for each entry would
 * be one more cache miss for each look-up among thousands.
 *
 * @param <T> what the addresses belong to
 */
final class PrefixMap<T> {
    private static final int GROUP_BITS = 4;
    private static final int MIN_CAPACITY = 1 << GROUP_BITS;
    /** The owner of a network that was removed. */
    private static final Object NOBODY = new Object();

    /**
     * What readers see.
     *
     * @param networks whose slot it is; written before its first owner is
     * @param owners null where a slot is nobody's yet
     */
    private record Slots(int[] networks, AtomicReferenceArray<Object> owners) {

        Slots(int capacity) {
            this(new int[capacity], new AtomicReferenceArray<>(capacity));
        }

        int capacity() {
            return networks.length;
        }

        Object owner(int network) {
            int mask = networks.length - 1;
            for (int slot = home(network);; slot = slot + 1 & mask) {
                Object owner = owners.getAcquire(slot);
                if (owner == null || networks[slot] == network) {
                    return isNobody(owner) ? null : owner;
                }
            }
        }

        /** Gives a network an owner; returns whether that took a further slot. For the writer. */
        boolean put(int network, Object owner) {
            int mask = networks.length - 1;
            int slot = home(network);
            while (owners.getPlain(slot) != null && networks[slot] != network) {
                slot = slot + 1 & mask;
            }
            boolean further = owners.getPlain(slot) == null;
            networks[slot] = network;
            owners.setRelease(slot, owner);
            return further;
        }

        /**
         * Where the search for a network begins. 16 neighbours of a pool stand side by side, in few cache lines of each
         * array; Fibonacci hashing (Knuth, volume 3, section 6.4) spreads such groups evenly over the table.
         */
        private int home(int network) {
            int group = (network >>> GROUP_BITS) * 0x9E37_79B9;
            int groups = networks.length >> GROUP_BITS;
            return (int) ((group & 0xFFFF_FFFFL) * groups >>> Integer.SIZE) << GROUP_BITS
                    | network & (1 << GROUP_BITS) - 1;
        }
    }

    private volatile Slots slots = new Slots(MIN_CAPACITY);
    private int size;
    /** Slots that are some network's, those of removed ones included. */
    private int taken;

    int size() {
        return size;
    }

    T get(int network) {
        @SuppressWarnings("unchecked") // put() takes nothing else
        T owner = (T) slots.owner(network);
        return owner;
    }

    T put(int network, T owner) {
        T before = get(network);
        if ((taken + 1) * 2 > slots.capacity()) {
            rebuild();
        }
        taken += slots.put(network, owner) ? 1 : 0;
        size += before == null ? 1 : 0;
        return before;
    }

    boolean remove(int network, T owner) {
        T before = get(network);
        if (before == null || !before.equals(owner)) {
            return false;
        }
        slots.put(network, NOBODY);
        size--;
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // there is only one
    private static boolean isNobody(Object owner) {
        return owner == NOBODY;
    }

    private void rebuild() {
        int capacity = MIN_CAPACITY;
        while (capacity < (size + 1) * 3) {
            capacity <<= 1;
        }
        Slots rebuilt = new Slots(capacity);
        for (int i = 0; i < slots.capacity(); i++) {
            Object owner = slots.owners.getPlain(i);
            if (owner != null && !isNobody(owner)) {
                rebuilt.put(slots.networks[i], owner);
            }
        }
        taken = size;
        slots = rebuilt;
    }
}
