package io.pptpoperator.protocol.control;

/**
 * A PAC announces a call from its telephone line (RFC 2637 section 2.9). No VPN uses it.
 *
 * @param callId the PAC's identifier of the call
 * @param callSerialNumber identifies the call in the PAC's logs
 * @param bearerType bits of {@link Bearer}
 * @param physicalChannelId the PAC's own name for the line; 32 bits without meaning
 * @param dialedNumber the number the caller dialed; its length field is derived from it
 * @param dialingNumber the caller's number; its length field is derived from it
 * @param subaddress further dialing information
 */
public record IncomingCallRequest(int callId, int callSerialNumber, int bearerType, int physicalChannelId,
        TextField dialedNumber, TextField dialingNumber, TextField subaddress) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.INCOMING_CALL_REQUEST;
    }
}
