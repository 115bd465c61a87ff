package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The packets of CHAP, which MS-CHAP uses too (RFC 1994 section 4). */
sealed interface ChapPacket {

    /** Matches an answer with its question: 0 to 255. */
    int identifier();

    /**
     * The authenticator's question.
     *
     * @param value 1 to 255 bytes
     * @param name the authenticator's name
     */
    record Challenge(int identifier, byte[] value, byte[] name) implements ChapPacket {}

    /**
     * The peer's answer.
     *
     * @param value 1 to 255 bytes
     * @param name the user's name
     */
    record Response(int identifier, byte[] value, byte[] name) implements ChapPacket {}

    /** The answer was right. */
    record Success(int identifier, String message) implements ChapPacket {}

    /** The answer was wrong, or right but in vain. */
    record Failure(int identifier, String message) implements ChapPacket {}

    /** Reads a packet; empty when it is malformed, since such packets are to be ignored (RFC 1994 section 4). */
    static Optional<ChapPacket> tryDecode(byte[] packet) {
        try {
            return Optional.of(decode(packet));
        } catch (AuthPacketException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a packet.
     *
     * @throws AuthPacketException when it breaks the format or has another code, such as MS-CHAP's Change-Password
     */
    static ChapPacket decode(byte[] packet) {
        var reader = new PacketReader(packet);
        int identifier = reader.identifier();
        return switch (reader.code()) {
            case 1 -> new Challenge(identifier, value(reader), name(reader));
            case 2 -> new Response(identifier, value(reader), name(reader));
            case 3 -> new Success(identifier, WireText.decode(reader.rest()));
            case 4 -> new Failure(identifier, WireText.decode(reader.rest()));
            default -> throw new AuthPacketException("CHAP code " + reader.code() + " is none of 1 to 4");
        };
    }

    private static byte[] value(PacketReader reader) {
        byte[] value = reader.counted("Value");
        if (value.length == 0) {
            throw new AuthPacketException("Value is empty, but has at least one byte");
        }
        return value;
    }

    private static byte[] name(PacketReader reader) {
        return WireText.checkedName(reader.rest());
    }

    /** The packet's bytes. */
    default byte[] encode() {
        return switch (this) {
            case Challenge(int identifier, byte[] value, byte[] name) -> encode(1, identifier, value, name);
            case Response(int identifier, byte[] value, byte[] name) -> encode(2, identifier, value, name);
            case Success(int identifier, String message) -> encode(3, identifier, null, message.getBytes(UTF_8));
            case Failure(int identifier, String message) -> encode(4, identifier, null, message.getBytes(UTF_8));
        };
    }

    private static byte[] encode(int code, int identifier, byte[] value, byte[] rest) {
        int length = 4 + (value == null ? 0 : 1 + value.length) + rest.length;
        ByteBuffer packet = ByteBuffer.allocate(length)
                .put((byte) code)
                .put((byte) identifier)
                .putShort((short) length);
        if (value != null) {
            packet.put((byte) value.length).put(value);
        }
        return packet.put(rest).array();
    }
}
