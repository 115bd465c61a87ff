package io.pptpoperator.protocol.control;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Cuts the control connection's byte stream into messages. It keeps nothing between calls: the caller keeps what is
 * left over, which is never more than 219 bytes after a call that returned nothing.
 */
public final class ControlFrameDecoder {

    private ControlFrameDecoder() {}

    /**
     * Takes the next whole message off the buffer.
     *
     * @param in big-endian bytes of the stream; its position moves behind the message that is returned, and stays where
     *     it is otherwise
     * @return empty while the message is incomplete
     * @throws ControlMessageException when the bytes cannot begin a message: the stream has no further meaning, and RFC
     *     2637 section 1.4 forbids to look for the next one in it
     */
    public static Optional<ControlFrame> next(ByteBuffer in) {
        Optional<ControlHeader> peeked = ControlHeader.peek(in);
        if (peeked.isEmpty() || in.remaining() < peeked.get().length()) {
            return Optional.empty();
        }
        ControlHeader header = peeked.get();
        ByteBuffer body = in.slice(in.position() + ControlHeader.LENGTH, header.length() - ControlHeader.LENGTH);
        in.position(in.position() + header.length());
        return Optional.of(header.type()
                .<ControlFrame>map(type -> ControlMessageCodec.decodeBody(type, body))
                .orElseGet(() -> new SkippedMessage(header.messageType(), header.controlType(), header.length())));
    }
}
