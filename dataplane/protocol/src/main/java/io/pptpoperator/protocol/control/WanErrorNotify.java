package io.pptpoperator.protocol.control;

/**
 * The PAC reports errors of its telephone line (RFC 2637 section 2.14). All counts are those since the call began.
 *
 * @param peersCallId the PNS's identifier of the call
 * @param crcErrors PPP frames with a wrong checksum
 * @param framingErrors wrongly framed PPP frames
 * @param hardwareOverruns overruns of the receive buffer
 * @param bufferOverruns buffer overruns
 * @param timeoutErrors time-outs
 * @param alignmentErrors alignment errors
 */
public record WanErrorNotify(int peersCallId, long crcErrors, long framingErrors, long hardwareOverruns,
        long bufferOverruns, long timeoutErrors, long alignmentErrors) implements ControlMessage {

    @Override
    public ControlMessageType type() {
        return ControlMessageType.WAN_ERROR_NOTIFY;
    }
}
