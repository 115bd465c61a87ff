package io.pptpoperator.protocol.control;

/**
 * The PNS reports PPP options that matter to a PAC's serial line (RFC 2637 section 2.15). Over GRE there is no octet
 * stuffing, so the masks mean nothing here.
 *
 * @param peersCallId the PAC's identifier of the call
 * @param sendAccm characters the client escapes when it sends, one bit each
 * @param receiveAccm characters the client wants escaped, one bit each
 */
public record SetLinkInfo(int peersCallId, int sendAccm, int receiveAccm) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.SET_LINK_INFO;
    }
}
