package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One attribute of a packet (RFC 2865 section 5). A vendor's stands alone in its Vendor-Specific attribute when written; read
 * are several in one as well.
 */
public final class RadiusAttribute {

    /** The vendor of attributes that no vendor defined. */
    public static final int NO_VENDOR = 0;
    /** Bytes that fit into one attribute. */
    public static final int LONGEST = 253;
    /** Bytes that fit into one attribute of a vendor. */
    public static final int LONGEST_OF_VENDOR = LONGEST - 6;

    private final int vendor;
    private final int number;
    private final byte[] value;

    /**
     * An attribute of any kind.
     *
     * @param vendor private enterprise number, or {@link #NO_VENDOR}
     * @param number 1 to 255
     * @param value at most {@link #LONGEST} bytes, of a vendor {@link #LONGEST_OF_VENDOR}; is not copied
     */
    RadiusAttribute(int vendor, int number, byte[] value) {
        if (value.length > (vendor == NO_VENDOR ? LONGEST : LONGEST_OF_VENDOR)) {
            throw new IllegalArgumentException(name(vendor, number) + " cannot hold " + value.length + " bytes");
        }
        this.vendor = vendor;
        this.number = number;
        this.value = value;
    }

    /** An attribute of bytes, which are copied. */
    public static RadiusAttribute of(AttributeType type, byte[] value) {
        return new RadiusAttribute(type.vendor(), type.number(), value.clone());
    }

    /** An attribute of text, in UTF-8; what does not fit is left out. */
    public static RadiusAttribute of(AttributeType type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int longest = type.vendor() == NO_VENDOR ? LONGEST : LONGEST_OF_VENDOR;
        return new RadiusAttribute(type.vendor(), type.number(), Arrays.copyOf(bytes, Math.min(bytes.length, longest)));
    }

    /** An attribute of a number, 0 to 2<sup>32</sup> - 1. */
    public static RadiusAttribute of(AttributeType type, long number) {
        return new RadiusAttribute(type.vendor(), type.number(),
                new byte[]{(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }

    /** An attribute of an address. */
    public static RadiusAttribute of(AttributeType type, Ipv4Address address) {
        return of(type, address.bits() & 0xffff_ffffL);
    }

    /** Whether it is one of these. */
    public boolean is(AttributeType type) {
        return vendor == type.vendor() && number == type.number();
    }

    /** The private enterprise number of its vendor, or {@link #NO_VENDOR}. */
    public int vendor() {
        return vendor;
    }

    /** The Type field, or the vendor's. */
    public int number() {
        return number;
    }

    /** A copy of the bytes. */
    public byte[] value() {
        return value.clone();
    }

    /** How many bytes the value has. */
    public int length() {
        return value.length;
    }

    /** The bytes themselves, for those who do not change them. */
    byte[] bytes() {
        return value;
    }

    /** The name of such an attribute, or its numbers: {@code 26/9/1} is number 1 of vendor 9. */
    public String name() {
        return name(vendor, number);
    }

    private static String name(int vendor, int number) {
        return AttributeType.of(vendor, number)
                .map(AttributeType::label)
                .orElse(vendor == NO_VENDOR ? Integer.toString(number) : "26/" + vendor + "/" + number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RadiusAttribute that && vendor == that.vendor && number == that.number
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(vendor, number, Arrays.hashCode(value));
    }

    /** The name and how many bytes there are, never which: some are passwords and keys. */
    @Override
    public String toString() {
        return name() + "[" + value.length + "]";
    }
}
