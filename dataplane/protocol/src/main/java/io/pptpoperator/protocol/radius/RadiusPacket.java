package io.pptpoperator.protocol.radius;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * One packet (RFC 2865 section 3). That it decodes says nothing about who sent it: see {@link PacketAuthentication}.
 *
 * @param code what it is
 * @param identifier 0 to 255, which pairs a reply with its request
 * @param authenticator 16 bytes; is not copied
 * @param attributes in their order
 */
public record RadiusPacket(RadiusCode code, int identifier, byte[] authenticator, List<RadiusAttribute> attributes) {

    /** Bytes before the attributes. */
    public static final int HEADER = 20;
    /** The longest packet in bytes. */
    public static final int LONGEST = 4096;
    /** Bytes of an authenticator. */
    public static final int AUTHENTICATOR = 16;

    static final int AUTHENTICATOR_AT = 4;
    private static final int VENDOR_SPECIFIC = 26;
    private static final int ATTRIBUTE_HEADER = 2;
    private static final int VENDOR_HEADER = 6;

    /** Copies the list. */
    public RadiusPacket {
        if (authenticator.length != AUTHENTICATOR) {
            throw new IllegalArgumentException("an authenticator has 16 bytes, not " + authenticator.length);
        }
        if ((identifier & 0xff) != identifier) {
            throw new IllegalArgumentException("identifier " + identifier + " is not between 0 and 255");
        }
        attributes = List.copyOf(attributes);
    }

    /**
     * Decodes a datagram, or one packet of a stream.
     *
     * @param bytes the packet; bytes behind the length that it gives are padding (RFC 2865 section 3)
     * @throws RadiusException when they are no packet, saying what is wrong
     */
    public static RadiusPacket decode(byte[] bytes) throws RadiusException {
        if (bytes.length < HEADER) {
            throw new RadiusException(bytes.length + " bytes are no packet: it has " + HEADER + " or more");
        }
        int length = length(bytes);
        if (length < HEADER || length > LONGEST || length > bytes.length) {
            throw new RadiusException("Length " + length + " of a packet of " + bytes.length + " bytes");
        }
        int number = bytes[0] & 0xff;
        RadiusCode code = RadiusCode.of(number).orElseThrow(() -> new RadiusException("Code " + number));
        var attributes = new ArrayList<RadiusAttribute>();
        for (int at = HEADER; at < length;) {
            int type = bytes[at] & 0xff;
            int size = at + 1 < length ? bytes[at + 1] & 0xff : 0;
            if (size < ATTRIBUTE_HEADER || at + size > length) {
                throw new RadiusException("attribute " + type + " at byte " + at + " has the length " + size + ", but "
                        + (length - at) + " bytes are left");
            }
            byte[] value = Arrays.copyOfRange(bytes, at + ATTRIBUTE_HEADER, at + size);
            if (type != VENDOR_SPECIFIC || !readVendor(value, attributes)) {
                attributes.add(new RadiusAttribute(RadiusAttribute.NO_VENDOR, type, value));
            }
            at += size;
        }
        return new RadiusPacket(code, bytes[1] & 0xff, Arrays.copyOfRange(bytes, AUTHENTICATOR_AT, HEADER), attributes);
    }

    /** The Length field of a packet of which at least four bytes are there: what to wait for in a stream. */
    public static int length(byte[] bytes) {
        return (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    }

    /** Vendors may lay out the inside as they like (RFC 2865 section 5.26): what does not look as usual stays as it is. */
    private static boolean readVendor(byte[] value, List<RadiusAttribute> into) {
        if (value.length < VENDOR_HEADER) {
            return false;
        }
        int vendor = (value[0] & 0xff) << 24 | (value[1] & 0xff) << 16 | (value[2] & 0xff) << 8 | value[3] & 0xff;
        var found = new ArrayList<RadiusAttribute>();
        for (int at = 4; at < value.length;) {
            int size = at + 1 < value.length ? value[at + 1] & 0xff : 0;
            if (vendor <= 0 || size < ATTRIBUTE_HEADER || at + size > value.length) {
                return false;
            }
            found.add(new RadiusAttribute(vendor, value[at] & 0xff,
                    Arrays.copyOfRange(value, at + ATTRIBUTE_HEADER, at + size)));
            at += size;
        }
        into.addAll(found);
        return true;
    }

    /**
     * The bytes.
     *
     * @throws IllegalArgumentException when they are more than {@link #LONGEST}
     */
    public byte[] encode() {
        int length = HEADER;
        for (RadiusAttribute attribute : attributes) {
            length += size(attribute);
        }
        if (length > LONGEST) {
            throw new IllegalArgumentException("a packet of " + length + " bytes is longer than " + LONGEST);
        }
        byte[] bytes = new byte[length];
        bytes[0] = (byte) code.number();
        bytes[1] = (byte) identifier;
        bytes[2] = (byte) (length >>> 8);
        bytes[3] = (byte) length;
        System.arraycopy(authenticator, 0, bytes, AUTHENTICATOR_AT, AUTHENTICATOR);
        int at = HEADER;
        for (RadiusAttribute attribute : attributes) {
            at = write(attribute, bytes, at);
        }
        return bytes;
    }

    private static int size(RadiusAttribute attribute) {
        return ATTRIBUTE_HEADER + attribute.length()
                + (attribute.vendor() == RadiusAttribute.NO_VENDOR ? 0 : VENDOR_HEADER);
    }

    private static int write(RadiusAttribute attribute, byte[] bytes, int start) {
        int at = start;
        int vendor = attribute.vendor();
        if (vendor != RadiusAttribute.NO_VENDOR) {
            bytes[at++] = VENDOR_SPECIFIC;
            bytes[at++] = (byte) size(attribute);
            bytes[at++] = (byte) (vendor >>> 24);
            bytes[at++] = (byte) (vendor >>> 16);
            bytes[at++] = (byte) (vendor >>> 8);
            bytes[at++] = (byte) vendor;
        }
        bytes[at++] = (byte) attribute.number();
        bytes[at++] = (byte) (ATTRIBUTE_HEADER + attribute.length());
        System.arraycopy(attribute.bytes(), 0, bytes, at, attribute.length());
        return at + attribute.length();
    }

    /** The first attribute of a type. */
    public Optional<RadiusAttribute> first(AttributeType type) {
        return all(type).stream().findFirst();
    }

    /** All attributes of a type, in their order. */
    public List<RadiusAttribute> all(AttributeType type) {
        return attributes.stream().filter(it -> it.is(type)).toList();
    }

    /** The first attribute of a type as a number; empty as well when it is none. */
    public OptionalLong number(AttributeType type) {
        Optional<RadiusAttribute> found = first(type).filter(it -> it.length() == 4);
        return found.isPresent() ? OptionalLong.of(number(found.get())) : OptionalLong.empty();
    }

    static long number(RadiusAttribute attribute) {
        byte[] value = attribute.bytes();
        return (value[0] & 0xffL) << 24 | (value[1] & 0xff) << 16 | (value[2] & 0xff) << 8 | value[3] & 0xff;
    }

    /** The first attribute of a type as text, without a zero at its end, which some servers send. */
    public Optional<String> text(AttributeType type) {
        return first(type).map(it -> text(it.bytes()));
    }

    static String text(byte[] value) {
        int length = value.length;
        while (length > 0 && value[length - 1] == 0) {
            length--;
        }
        return new String(value, 0, length, StandardCharsets.UTF_8);
    }

    /** The values of a type one behind the other, as an EAP packet is spread (RFC 3579 section 3.1). */
    public byte[] joined(AttributeType type) {
        List<RadiusAttribute> parts = all(type);
        byte[] whole = new byte[parts.stream().mapToInt(RadiusAttribute::length).sum()];
        int at = 0;
        for (RadiusAttribute part : parts) {
            System.arraycopy(part.bytes(), 0, whole, at, part.length());
            at += part.length();
        }
        return whole;
    }

    /** The same packet without some attributes. */
    RadiusPacket without(Predicate<RadiusAttribute> some) {
        return new RadiusPacket(code, identifier, authenticator, attributes.stream().filter(some.negate()).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RadiusPacket that && code == that.code && identifier == that.identifier
                && Arrays.equals(authenticator, that.authenticator) && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * code.hashCode() + identifier) + attributes.hashCode();
    }

    /** Names and lengths, never values. */
    @Override
    public String toString() {
        return code + " " + identifier + " " + attributes;
    }
}
