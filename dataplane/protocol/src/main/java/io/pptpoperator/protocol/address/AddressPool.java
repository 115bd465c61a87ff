package io.pptpoperator.protocol.address;

import static io.pptpoperator.protocol.address.AddressRange.unsigned;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The addresses a server may give to its clients: immutable, and no larger in memory than its list of ranges, however
 * many addresses they hold.
 */
public final class AddressPool {

    /** The pool without addresses. */
    public static final AddressPool EMPTY = new AddressPool(List.of());

    /** In address order, neither overlapping nor touching. */
    private final List<AddressRange> ranges;
    /** How many addresses stand before each range. */
    private final long[] offsets;
    private final long size;

    private AddressPool(List<AddressRange> disjoint) {
        ranges = List.copyOf(disjoint);
        offsets = new long[ranges.size()];
        long count = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = count;
            count += ranges.get(i).size();
        }
        size = count;
    }

    /** Exactly the given ranges, in any order, overlapping or not. */
    public static AddressPool of(Collection<AddressRange> ranges) {
        return new AddressPool(merge(ranges));
    }

    /**
     * Parses what pools are written as: items of {@link AddressRange#parse}, several of them separated by commas. A
     * network of /30 or shorter lends its addresses without the first and the last, which are no host's (RFC 922).
     *
     * @throws IllegalArgumentException naming the first wrong item
     */
    public static AddressPool parse(String text) {
        return of(items(text).map(AddressPool::hosts).toList());
    }

    /**
     * Parses what shall be taken out of a pool: as {@link #parse}, but a network means all of its addresses.
     *
     * @throws IllegalArgumentException naming the first wrong item
     */
    public static AddressPool parseExclusion(String text) {
        return of(items(text).map(AddressRange::parse).toList());
    }

    private static Stream<String> items(String text) {
        return Stream.of(text.split(",", -1)).map(String::strip);
    }

    private static AddressRange hosts(String item) {
        AddressRange range = AddressRange.parse(item);
        boolean network = item.indexOf('/') >= 0;
        return network && range.size() >= 4 ? new AddressRange(range.first().plus(1), range.last().plus(-1)) : range;
    }

    private static List<AddressRange> merge(Collection<AddressRange> ranges) {
        var sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparing(AddressRange::first).thenComparing(AddressRange::last));
        var merged = new ArrayList<AddressRange>();
        for (AddressRange next : sorted) {
            AddressRange before = merged.isEmpty() ? null : merged.getLast();
            if (before == null || unsigned(next.first()) > unsigned(before.last()) + 1) {
                merged.add(next);
            } else if (next.last().compareTo(before.last()) > 0) {
                merged.set(merged.size() - 1, new AddressRange(before.first(), next.last()));
            }
        }
        return merged;
    }

    /** The addresses of either pool. */
    public AddressPool plus(AddressPool other) {
        return of(Stream.concat(ranges.stream(), other.ranges.stream()).toList());
    }

    /** The addresses of this pool that the other one does not have. */
    public AddressPool minus(AddressPool other) {
        var left = new ArrayList<AddressRange>();
        int hole = 0;
        for (AddressRange range : ranges) {
            Ipv4Address from = range.first();
            boolean open = true;
            while (open && hole < other.ranges.size() && other.ranges.get(hole).first().compareTo(range.last()) <= 0) {
                AddressRange taken = other.ranges.get(hole);
                if (taken.first().compareTo(from) > 0) {
                    left.add(new AddressRange(from, taken.first().plus(-1)));
                }
                if (taken.last().compareTo(range.last()) >= 0) {
                    open = false;
                } else {
                    from = taken.last().compareTo(from) < 0 ? from : taken.last().plus(1);
                    hole++;
                }
            }
            if (open) {
                left.add(new AddressRange(from, range.last()));
            }
        }
        return new AddressPool(left);
    }

    /** How many addresses it has. */
    public long size() {
        return size;
    }

    /** Whether it has no address. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Whether {@code address} is one of its own. */
    public boolean contains(Ipv4Address address) {
        int i = rangeBefore(address);
        return i >= 0 && ranges.get(i).contains(address);
    }

    /** Whether the two pools share an address. */
    public boolean overlaps(AddressPool other) {
        return minus(other).size != size;
    }

    /** The last range that starts at or below {@code address}, or -1. */
    private int rangeBefore(Ipv4Address address) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).first().compareTo(address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /**
     * The address at a position in address order.
     *
     * @param index 0 to {@link #size()} - 1
     * @throws IndexOutOfBoundsException beyond that
     */
    public Ipv4Address at(long index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("address " + index + " of a pool of " + size);
        }
        int low = 0;
        int high = offsets.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (offsets[middle] <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return ranges.get(low).first().plus((int) (index - offsets[low]));
    }

    /** All addresses in order, made one by one as the stream is read. */
    public Stream<Ipv4Address> addresses() {
        return LongStream.range(0, size).mapToObj(this::at);
    }

    /** The ranges in address order, neither overlapping nor touching. */
    public List<AddressRange> ranges() {
        return ranges;
    }

    /** The fewest networks that have exactly these addresses, in address order: what routes to the pool are made of. */
    public List<Ipv4Prefix> toPrefixes() {
        var prefixes = new ArrayList<Ipv4Prefix>();
        for (AddressRange range : ranges) {
            long next = unsigned(range.first());
            long end = unsigned(range.last()) + 1;
            while (next < end) {
                int alignment = next == 0 ? 32 : Math.min(32, Long.numberOfTrailingZeros(next));
                int room = 63 - Long.numberOfLeadingZeros(end - next);
                int hostBits = Math.min(alignment, room);
                prefixes.add(new Ipv4Prefix(new Ipv4Address((int) next), 32 - hostBits));
                next += 1L << hostBits;
            }
        }
        return List.copyOf(prefixes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressPool that && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** The ranges with commas between them, as {@link #parse} reads them; empty for an empty pool. */
    @Override
    public String toString() {
        return ranges.stream().map(AddressRange::toString).collect(Collectors.joining(","));
    }
}
