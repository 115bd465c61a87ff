package io.pptpoperator.protocol.control;

/**
 * Asks the peer for a sign of life (RFC 2637 section 2.5).
 *
 * @param identifier comes back in the {@link EchoReply}; 32 bits without meaning
 */
public record EchoRequest(int identifier) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.ECHO_REQUEST;
    }
}
