package io.pptpoperator.protocol.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 address as the 32 bits it is, so that pools can count and the datapath can compare without objects.
 *
 * @param bits the address, first octet in the most significant byte
 */
public record Ipv4Address(int bits) implements Comparable<Ipv4Address> {

    /** 0.0.0.0, which PPP peers send to ask for an address (RFC 1332 section 3.3). */
    public static final Ipv4Address ANY = new Ipv4Address(0);

    /**
     * Parses dotted decimal ({@code 192.168.10.1}); never asks a resolver.
     *
     * @throws IllegalArgumentException when the text is anything else, naming it
     */
    public static Ipv4Address parse(String text) {
        int bits = 0;
        int octets = 0;
        int octet = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c >= '0' && c <= '9' && octet != 0) {
                octet = Math.max(octet, 0) * 10 + (c - '0');
                if (octet > 255) {
                    throw notAnAddress(text);
                }
            } else if (c == '.' && octet >= 0 && octets < 4) {
                bits = bits << 8 | octet;
                octets++;
                octet = -1;
            } else {
                throw notAnAddress(text);
            }
        }
        if (octets != 4) {
            throw notAnAddress(text);
        }
        return new Ipv4Address(bits);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("'" + text + "' is not an IPv4 address such as 192.168.10.1");
    }

    /** Reads four bytes in network order at {@code offset}. */
    public static Ipv4Address read(byte[] bytes, int offset) {
        return new Ipv4Address((bytes[offset] & 0xff) << 24 | (bytes[offset + 1] & 0xff) << 16
                | (bytes[offset + 2] & 0xff) << 8 | bytes[offset + 3] & 0xff);
    }

    /** The address of a socket's peer. */
    public static Ipv4Address of(Inet4Address address) {
        return read(address.getAddress(), 0);
    }

    /** Four bytes in network order. */
    public byte[] toBytes() {
        return new byte[]{(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    /** The same address for the JDK's network classes. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are always an address", e);
        }
    }

    /** The address {@code count} further on, wrapping after 255.255.255.255. */
    public Ipv4Address plus(int count) {
        return new Ipv4Address(bits + count);
    }

    /** Orders by numeric value, 0.0.0.0 first. */
    @Override
    public int compareTo(Ipv4Address other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    /** Dotted decimal. */
    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }
}
