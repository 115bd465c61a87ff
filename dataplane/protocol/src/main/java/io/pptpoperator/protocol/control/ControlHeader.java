package io.pptpoperator.protocol.control;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The 12 bytes that begin every message (RFC 2637 section 1.4).
 *
 * @param length bytes of the whole message
 * @param messageType {@link #CONTROL} or {@link #MANAGEMENT}
 * @param controlType the Control Message Type field
 */
record ControlHeader(int length, int messageType, int controlType) {

    static final int LENGTH = 12;
    static final int CONTROL = 1;
    static final int MANAGEMENT = 2;
    static final int MAGIC_COOKIE = 0x1A2B3C4D;

    /**
     * Looks at the header at the buffer's position without moving it. Each field is judged as soon as it is there, and
     * in the order of the bytes, so that nobody waits for the rest of a message that is known to be wrong, and the
     * verdict does not depend on how the stream was cut.
     *
     * @return empty while bytes of a header are missing that is right so far
     * @throws ControlMessageException when a field is wrong
     */
    static Optional<ControlHeader> peek(ByteBuffer in) {
        int start = in.position();
        int available = in.remaining();
        if (available < 2) {
            return Optional.empty();
        }
        int length = Short.toUnsignedInt(in.getShort(start));
        if (length < LENGTH || length > ControlMessageType.MAX_LENGTH) {
            throw new ControlMessageException("Length", length,
                    LENGTH + " to " + ControlMessageType.MAX_LENGTH + " bytes");
        }
        if (available < 4) {
            return Optional.empty();
        }
        int messageType = Short.toUnsignedInt(in.getShort(start + 2));
        if (messageType != CONTROL && messageType != MANAGEMENT) {
            throw new ControlMessageException("PPTP Message Type", messageType, "1 for a control message");
        }
        if (available < 8) {
            return Optional.empty();
        }
        int magic = in.getInt(start + 4);
        if (magic != MAGIC_COOKIE) {
            throw new ControlMessageException("Magic Cookie", Integer.toUnsignedLong(magic), "0x1a2b3c4d");
        }
        if (available < 10) {
            return Optional.empty();
        }
        var header = new ControlHeader(length, messageType, Short.toUnsignedInt(in.getShort(start + 8)));
        Optional<ControlMessageType> type = header.type();
        if (type.isPresent() && type.get().length() != length) {
            throw new ControlMessageException("Length", length,
                    type.get().length() + " bytes for " + type.get().label());
        }
        return available < LENGTH ? Optional.empty() : Optional.of(header);
    }

    /** The message's type, or empty for one that RFC 2637 does not define. */
    Optional<ControlMessageType> type() {
        return messageType == CONTROL ? ControlMessageType.of(controlType) : Optional.empty();
    }
}
