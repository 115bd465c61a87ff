package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A sequence of netlink attributes: {@code struct nlattr} is {@code u16 len} (its own 4 bytes included),
 * {@code u16 type}, then the value, padded to 4 bytes. The two uppermost bits of the type are flags and left out here.
 */
public final class Attributes {

    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    private record Attribute(int type, byte[] value) {}

    private final List<Attribute> list;

    private Attributes(List<Attribute> list) {
        this.list = list;
    }

    /**
     * Reads the attributes from {@code offset} to the end of {@code bytes}.
     *
     * @throws NetlinkMessageException when a length field contradicts the bytes there are
     */
    public static Attributes parse(byte[] bytes, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<Attribute> list = new ArrayList<>();
        int at = offset;
        // Fewer bytes than a header are padding.
        while (bytes.length - at >= HEADER) {
            int size = Short.toUnsignedInt(buffer.getShort(at));
            if (size < HEADER || size > bytes.length - at) {
                throw new NetlinkMessageException("a netlink attribute of " + size + " bytes at offset " + at
                        + " cannot be: it needs " + HEADER + " to " + (bytes.length - at));
            }
            list.add(new Attribute(Short.toUnsignedInt(buffer.getShort(at + 2)) & TYPE_MASK,
                    Arrays.copyOfRange(bytes, at + HEADER, at + size)));
            at += size + 3 & ~3;
        }
        return new Attributes(list);
    }

    private Optional<byte[]> value(int type) {
        return list.stream().filter(attribute -> attribute.type == type).map(Attribute::value).findFirst();
    }

    private Optional<ByteBuffer> value(int type, int size) {
        Optional<byte[]> value = value(type);
        if (value.isPresent() && value.get().length != size) {
            throw new NetlinkMessageException(
                    "netlink attribute " + type + " has " + value.get().length + " bytes instead of " + size);
        }
        return value.map(ByteBuffer::wrap);
    }

    /** Whether the attribute is there. */
    public boolean has(int type) {
        return value(type).isPresent();
    }

    /** The attribute's bytes. */
    public Optional<byte[]> bytes(int type) {
        return value(type);
    }

    /** A 32-bit number in the machine's order. */
    public OptionalInt number(int type) {
        Optional<ByteBuffer> value = value(type, Integer.BYTES);
        return value.isPresent()
                ? OptionalInt.of(value.get().order(ByteOrder.nativeOrder()).getInt(0))
                : OptionalInt.empty();
    }

    /** A 32-bit number in network order. */
    public OptionalInt networkNumber(int type) {
        Optional<ByteBuffer> value = value(type, Integer.BYTES);
        return value.isPresent() ? OptionalInt.of(value.get().getInt(0)) : OptionalInt.empty();
    }

    /** A 64-bit number in network order. */
    public OptionalLong networkLong(int type) {
        Optional<ByteBuffer> value = value(type, Long.BYTES);
        return value.isPresent() ? OptionalLong.of(value.get().getLong(0)) : OptionalLong.empty();
    }

    /** An IPv4 address. */
    public Optional<Ipv4Address> address(int type) {
        return value(type, Integer.BYTES).map(value -> new Ipv4Address(value.getInt(0)));
    }

    /** A text up to its closing zero byte, if it has one. */
    public Optional<String> text(int type) {
        return value(type).map(value -> {
            int end = 0;
            while (end < value.length && value[end] != 0) {
                end++;
            }
            return new String(value, 0, end, StandardCharsets.UTF_8);
        });
    }

    /** The attributes inside an attribute; none when it is missing. */
    public Attributes nested(int type) {
        return value(type).map(value -> parse(value, 0)).orElseGet(() -> new Attributes(List.of()));
    }

    /** The attributes inside each attribute of this sequence, whatever their types: an array. */
    public List<Attributes> elements() {
        return list.stream().map(attribute -> parse(attribute.value, 0)).toList();
    }
}
