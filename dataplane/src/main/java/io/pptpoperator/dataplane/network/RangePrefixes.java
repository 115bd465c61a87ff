package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;

/** Address ranges as prefixes, which is what routing tables hold. */
public final class RangePrefixes {

    private RangePrefixes() {}

    /**
     * The fewest prefixes that together hold exactly the addresses from {@code first} to {@code last}, ascending.
     *
     * @throws IllegalArgumentException when {@code last} is below {@code first}
     */
    public static List<Ipv4Prefix> of(Ipv4Address first, Ipv4Address last) {
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException("the range " + first + "-" + last + " ends before it begins");
        }
        List<Ipv4Prefix> prefixes = new ArrayList<>();
        long from = Integer.toUnsignedLong(first.bits());
        long end = Integer.toUnsignedLong(last.bits()) + 1;
        while (from < end) {
            // As large as the position allows, and no larger than what is left.
            int hostBits = Math.min(from == 0 ? 32 : Long.numberOfTrailingZeros(from),
                    63 - Long.numberOfLeadingZeros(end - from));
            prefixes.add(new Ipv4Prefix(new Ipv4Address((int) from), 32 - hostBits));
            from += 1L << hostBits;
        }
        return prefixes;
    }
}
