package io.pptpoperator.protocol.control;

/**
 * A well-framed message that RFC 2637 gives no meaning: a management message (section 1.4 reserves the type and defines
 * none) or a control message of an unknown type. Its length tells where the next one begins, so the stream stays in
 * step and the message is passed over.
 *
 * @param messageType the PPTP Message Type field, 1 or 2
 * @param controlType the Control Message Type field
 * @param length bytes of the whole message
 */
public record SkippedMessage(int messageType, int controlType, int length) implements ControlFrame {

    @Override
    public String toString() {
        return messageType == ControlHeader.MANAGEMENT
                ? "management message of " + length + " bytes, which RFC 2637 does not define"
                : "control message of unknown type " + controlType + " and " + length + " bytes";
    }
}
