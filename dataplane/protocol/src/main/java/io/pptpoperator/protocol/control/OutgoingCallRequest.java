package io.pptpoperator.protocol.control;

/**
 * The client's dial-in: asks the PAC to place a call (RFC 2637 section 2.7).
 *
 * @param callId the PNS's identifier of the call, which the PAC puts into the GRE packets it sends; Windows XP sends 0
 * @param callSerialNumber identifies the call in the PNS's logs
 * @param minimumBps lowest acceptable line speed, bits per second
 * @param maximumBps highest acceptable line speed, bits per second
 * @param bearerType bits of {@link Bearer}
 * @param framingType bits of {@link Framing}
 * @param receiveWindowSize GRE packets the PNS buffers
 * @param processingDelay the PNS's packet processing delay, tenths of a second
 * @param phoneNumber the number to dial, empty from VPN clients; its length field is derived from it
 * @param subaddress further dialing information; Windows puts a 16-byte correlation identifier here
 */
public record OutgoingCallRequest(int callId, int callSerialNumber, long minimumBps, long maximumBps, int bearerType,
        int framingType, int receiveWindowSize, int processingDelay, TextField phoneNumber,
        TextField subaddress) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.OUTGOING_CALL_REQUEST;
    }
}
