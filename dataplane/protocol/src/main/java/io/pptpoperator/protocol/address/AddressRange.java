package io.pptpoperator.protocol.address;

/**
 * Consecutive IPv4 addresses, both ends included.
 *
 * @param first the lowest address
 * @param last the highest address, never below {@code first}
 */
public record AddressRange(Ipv4Address first, Ipv4Address last) {

    private static final String FORMS = "192.168.10.100-200, 192.168.10.100-192.168.11.50, 10.8.0.0/24 and 10.8.0.7";

    /**
     * Checks the order of the two ends.
     *
     * @throws IllegalArgumentException when the range would run backwards
     */
    public AddressRange {
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException(
                    "'" + first + "-" + last + "' ends before it starts; " + last + "-" + first + " would be right");
        }
    }

    /**
     * Parses one item of a pool: {@code 192.168.10.100-200} (the second number replaces the last octet, as in pptpd's
     * {@code remoteip}), {@code a.b.c.d-e.f.g.h}, a network such as {@code 10.8.0.0/24} with all of its addresses, or
     * one address.
     *
     * @throws IllegalArgumentException when the text is none of these, naming it
     */
    public static AddressRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash >= 0) {
            Ipv4Address first = address(text, text.substring(0, dash));
            String end = text.substring(dash + 1);
            return new AddressRange(first, end.indexOf('.') < 0 ? lastOctet(text, first, end) : address(text, end));
        }
        if (text.indexOf('/') >= 0) {
            return of(prefix(text));
        }
        Ipv4Address only = address(text, text);
        return new AddressRange(only, only);
    }

    /** All addresses of a network. */
    public static AddressRange of(Ipv4Prefix prefix) {
        return new AddressRange(prefix.network(), prefix.last());
    }

    private static Ipv4Address address(String text, String part) {
        try {
            return Ipv4Address.parse(part);
        } catch (IllegalArgumentException e) {
            throw notARange(text, e);
        }
    }

    private static Ipv4Prefix prefix(String text) {
        try {
            return Ipv4Prefix.parse(text);
        } catch (IllegalArgumentException e) {
            String problem = e.getMessage();
            throw problem.endsWith("would be right") ? e : notARange(text, e);
        }
    }

    private static Ipv4Address lastOctet(String text, Ipv4Address first, String octet) {
        if (!octet.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(octet) > 255) {
            throw notARange(text, null);
        }
        return new Ipv4Address(first.bits() & 0xffffff00 | Integer.parseInt(octet));
    }

    private static IllegalArgumentException notARange(String text, Throwable cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not an address range; forms such as " + FORMS + " would be right", cause);
    }

    /** How many addresses it has. */
    public long size() {
        return unsigned(last) - unsigned(first) + 1;
    }

    /** Whether {@code address} lies between the ends. */
    public boolean contains(Ipv4Address address) {
        return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /** Whether the two ranges share an address. */
    public boolean overlaps(AddressRange other) {
        return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    /** One address, or the ends with a dash between them; {@link #parse} reads both. */
    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }

    static long unsigned(Ipv4Address address) {
        return Integer.toUnsignedLong(address.bits());
    }
}
