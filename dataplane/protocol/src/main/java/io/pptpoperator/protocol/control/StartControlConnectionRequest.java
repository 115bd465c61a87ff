package io.pptpoperator.protocol.control;

/**
 * Opens a control connection (RFC 2637 section 2.1).
 *
 * @param protocolVersion the sender's version, {@link ControlMessage#VERSION}
 * @param framingCapabilities bits of {@link Framing}
 * @param bearerCapabilities bits of {@link Bearer}
 * @param maximumChannels sessions a PAC can serve; 0 from a PNS, and to be ignored then
 * @param firmwareRevision the sender's software revision
 * @param hostName the sender's DNS name
 * @param vendorName the sender's vendor
 */
public record StartControlConnectionRequest(int protocolVersion, int framingCapabilities, int bearerCapabilities,
        int maximumChannels, int firmwareRevision, TextField hostName, TextField vendorName) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.START_CONTROL_CONNECTION_REQUEST;
    }
}
