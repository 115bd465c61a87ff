package io.pptpoperator.protocol.control;

import java.util.Optional;

/**
 * What a client is told that asks for something while no control connection exists yet (RFC 2637 section 2.1): whoever
 * can be told is told.
 */
final class EarlyMessages {

    private EarlyMessages() {}

    /** The refusal; empty where the protocol has none. */
    static Optional<ControlMessage> answerTo(ControlMessage message) {
        return switch (message) {
            case EchoRequest echo ->
                Optional.of(new EchoReply(echo.identifier(), EchoReply.GENERAL_ERROR, GeneralError.NOT_CONNECTED));
            case OutgoingCallRequest call -> Optional
                    .of(OutgoingCallReply.refusal(call, OutgoingCallReply.GENERAL_ERROR, GeneralError.NOT_CONNECTED));
            case IncomingCallRequest call -> Optional
                    .of(IncomingCallReply.refusal(call, IncomingCallReply.GENERAL_ERROR, GeneralError.NOT_CONNECTED));
            case CallClearRequest clear -> Optional
                    .of(new CallDisconnectNotify(0, CallDisconnectNotify.GENERAL_ERROR, GeneralError.NOT_CONNECTED));
            default -> Optional.empty();
        };
    }
}
