package io.pptpoperator.dataplane.ip;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A hash table from an address or network to its owner, with open addressing. One thread writes, any number
 * read without locks: an entry never moves and never changes, so that a reader who walks past it while another is
 * added or removed misses nothing. When the table has to grow or to shed the marks of removed entries, a new one
 * is built and then published.
 *
 * @param <T> what the addresses belong to
 */
final class PrefixMap<T> {
    private static final int MIN_CAPACITY = 16;

    private record Entry<T>(int network, T owner) {}

    /** Stands where an entry was removed: readers go on past it. */
    private final Entry<T> removed = new Entry<>(0, null);

    private volatile AtomicReferenceArray<Entry<T>> entries = new AtomicReferenceArray<>(MIN_CAPACITY);
    private int size;
    /** Slots that are not empty, those of removed entries included. */
    private int touched;

    int size() {
        return size;
    }

    T get(int network) {
        AtomicReferenceArray<Entry<T>> table = entries;
        int mask = table.length() - 1;
        for (int slot = hash(network) & mask;; slot = slot + 1 & mask) {
            Entry<T> entry = table.getAcquire(slot);
            if (entry == null) {
                return null;
            }
            if (entry.network == network && entry.owner != null) {
                return entry.owner;
            }
        }
    }

    T put(int network, T owner) {
        int slot = slotOf(entries, network);
        Entry<T> before = entries.getPlain(slot);
        if (before != null) {
            entries.setRelease(slot, new Entry<>(network, owner));
            return before.owner;
        }
        if ((touched + 1) * 2 > entries.length()) {
            rebuild();
            slot = slotOf(entries, network);
        }
        entries.setRelease(slot, new Entry<>(network, owner));
        touched++;
        size++;
        return null;
    }

    boolean remove(int network, T owner) {
        int slot = slotOf(entries, network);
        Entry<T> entry = entries.getPlain(slot);
        if (entry == null || !entry.owner.equals(owner)) {
            return false;
        }
        entries.setRelease(slot, removed);
        size--;
        return true;
    }

    /** The slot of an entry, or the empty one where it would go. */
    private int slotOf(AtomicReferenceArray<Entry<T>> table, int network) {
        int mask = table.length() - 1;
        int slot = hash(network) & mask;
        for (Entry<T> entry = table.getPlain(slot); entry != null; entry = table.getPlain(slot)) {
            if (entry.network == network && entry.owner != null) {
                break;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void rebuild() {
        int capacity = MIN_CAPACITY;
        while (capacity < (size + 1) * 4) {
            capacity <<= 1;
        }
        var larger = new AtomicReferenceArray<Entry<T>>(capacity);
        for (int i = 0; i < entries.length(); i++) {
            Entry<T> entry = entries.getPlain(i);
            if (entry != null && entry.owner != null) {
                larger.setPlain(slotOf(larger, entry.network), entry);
            }
        }
        touched = size;
        entries = larger;
    }

    /** Spreads addresses that differ in few bits, as those of a pool do, over the whole table. */
    private static int hash(int network) {
        int product = network * 0x9E37_79B9;
        return product >>> 16 ^ product;
    }
}
