package io.pptpoperator.protocol.control;

/**
 * A PAC reports that it answered an incoming call (RFC 2637 section 2.11). No VPN uses it.
 *
 * @param peersCallId the PNS's identifier of the call
 * @param connectSpeed line speed, bits per second
 * @param receiveWindowSize GRE packets the PAC buffers
 * @param transmitDelay the PAC's packet processing delay, tenths of a second
 * @param framingType bits of {@link Framing}
 */
public record IncomingCallConnected(int peersCallId, long connectSpeed, int receiveWindowSize, int transmitDelay,
        int framingType) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.INCOMING_CALL_CONNECTED;
    }
}
