package io.pptpoperator.protocol.ppp.auth;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The packets of PAP (RFC 1334 section 2.2). */
sealed interface PapPacket {

    /** Matches an answer with its request: 0 to 255. */
    int identifier();

    /**
     * The peer's name and password.
     *
     * @param name at most 255 bytes
     * @param password at most 255 bytes
     */
    record Request(int identifier, byte[] name, byte[] password) implements PapPacket {}

    /** They are right. */
    record Ack(int identifier, String message) implements PapPacket {}

    /** They are wrong, or right but in vain. */
    record Nak(int identifier, String message) implements PapPacket {}

    /** Reads a packet; empty when it is malformed, since such packets are to be ignored (RFC 1334 section 2.2). */
    static Optional<PapPacket> tryDecode(byte[] packet) {
        try {
            return Optional.of(decode(packet));
        } catch (AuthPacketException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a packet.
     *
     * @throws AuthPacketException when it breaks the format
     */
    static PapPacket decode(byte[] packet) {
        var reader = new PacketReader(packet);
        int identifier = reader.identifier();
        return switch (reader.code()) {
            case 1 ->
                new Request(identifier, WireText.checkedName(reader.counted("Peer-ID")), reader.counted("Password"));
            case 2 -> new Ack(identifier, message(reader));
            case 3 -> new Nak(identifier, message(reader));
            default -> throw new AuthPacketException("PAP code " + reader.code() + " is none of 1 to 3");
        };
    }

    /** Some peers leave out not only the message but its length too. */
    private static String message(PacketReader reader) {
        return reader.isAtEnd() ? "" : WireText.decode(reader.counted("Message"));
    }

    /** The packet's bytes. */
    default byte[] encode() {
        return switch (this) {
            case Request(int identifier, byte[] name, byte[] password) -> encode(1, identifier, name, password);
            case Ack(int identifier, String message) -> encode(2, identifier, WireText.cut(message, 255));
            case Nak(int identifier, String message) -> encode(3, identifier, WireText.cut(message, 255));
        };
    }

    private static byte[] encode(int code, int identifier, byte[]... fields) {
        int length = 4;
        for (byte[] field : fields) {
            length += 1 + field.length;
        }
        ByteBuffer packet = ByteBuffer.allocate(length)
                .put((byte) code)
                .put((byte) identifier)
                .putShort((short) length);
        for (byte[] field : fields) {
            packet.put((byte) field.length).put(field);
        }
        return packet.array();
    }
}
