package io.pptpoperator.protocol.address;

/**
 * An IPv4 network in CIDR form.
 *
 * @param network its first address
 * @param length how many leading bits name the network, 0 to 32
 */
public record Ipv4Prefix(Ipv4Address network, int length) {

    /**
     * Checks that no bit of {@code network} lies behind {@code length}.
     *
     * @throws IllegalArgumentException otherwise, saying what the prefix should be
     */
    public Ipv4Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("prefix length " + length + " is not between 0 and 32");
        }
        if ((network.bits() & ~mask(length)) != 0) {
            throw new IllegalArgumentException(network + "/" + length + " has bits set behind its prefix; "
                    + new Ipv4Address(network.bits() & mask(length)) + "/" + length + " would be right");
        }
    }

    /**
     * Parses {@code 10.0.0.0/8}, or a lone address as a /32.
     *
     * @throws IllegalArgumentException when it is neither, naming the text
     */
    public static Ipv4Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Ipv4Prefix(Ipv4Address.parse(text), 32);
        }
        String digits = text.substring(slash + 1);
        if (!digits.matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException("'" + text + "' is not a network such as 10.0.0.0/8");
        }
        return new Ipv4Prefix(Ipv4Address.parse(text.substring(0, slash)), Integer.parseInt(digits));
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << 32 - length;
    }

    /** The netmask's 32 bits. */
    public int mask() {
        return mask(length);
    }

    /** Its last address. */
    public Ipv4Address last() {
        return new Ipv4Address(network.bits() | ~mask());
    }

    /** Whether {@code address} lies in this network. */
    public boolean contains(Ipv4Address address) {
        return (address.bits() & mask()) == network.bits();
    }

    /** Whether the two networks share an address. */
    public boolean overlaps(Ipv4Prefix other) {
        return length <= other.length ? contains(other.network) : other.contains(network);
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }
}
