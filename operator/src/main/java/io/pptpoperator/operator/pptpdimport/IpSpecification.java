package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of {@code localip} and {@code remoteip} (pptpd.conf(5), "NOTES"): addresses and ranges with commas between
 * them. A range may stand in any of the four places: {@code 192.168.0.2-254}, {@code 192.168.0-255.2}.
 */
final class IpSpecification {

    private static final Pattern RANGE = Pattern
            .compile("((?:[0-9]{1,3}\\.)*)([0-9]{1,3})-([0-9]{1,3})((?:\\.[0-9]{1,3})*)");

    private IpSpecification() {}

    /**
     * Reads a specification.
     *
     * @throws IllegalArgumentException when pptpd would refuse it, naming the part
     */
    static List<AddressRange> parse(String text) {
        var ranges = new ArrayList<AddressRange>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (range.matches()) {
                addRange(part, range, ranges);
            } else {
                Ipv4Address address = Ipv4Address.parse(part);
                ranges.add(new AddressRange(address, address));
            }
        }
        return ranges;
    }

    private static void addRange(String part, Matcher match, List<AddressRange> ranges) {
        int lower = Integer.parseInt(match.group(2));
        int upper = Integer.parseInt(match.group(3));
        if (lower > upper || upper > 255) {
            throw new IllegalArgumentException("'" + part + "' is not a range; " + match.group(2) + "-" + match.group(3)
                    + " must go up, to 255 at most, without shortcuts");
        }
        Ipv4Address first = Ipv4Address.parse(match.group(1) + lower + match.group(4));
        Ipv4Address last = Ipv4Address.parse(match.group(1) + upper + match.group(4));
        if (match.group(4).isEmpty()) {
            ranges.add(new AddressRange(first, last));
            return;
        }
        for (int octet = lower; octet <= upper; octet++) {
            Ipv4Address address = Ipv4Address.parse(match.group(1) + octet + match.group(4));
            ranges.add(new AddressRange(address, address));
        }
    }
}
