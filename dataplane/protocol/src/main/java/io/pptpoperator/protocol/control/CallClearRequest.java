package io.pptpoperator.protocol.control;

/**
 * The PNS ends a call (RFC 2637 section 2.12).
 *
 * @param callId the PNS's identifier of the call: it may not know the PAC's yet
 */
public record CallClearRequest(int callId) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.CALL_CLEAR_REQUEST;
    }
}
