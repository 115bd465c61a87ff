package io.pptpoperator.protocol.control;

import java.util.List;
import java.util.stream.Collectors;

/** Actions in the short form in which the state tables spell them. */
public final class ActionText {

    private ActionText() {}

    public static String of(List<? extends ControlAction> actions) {
        return actions.isEmpty() ? "-" : actions.stream().map(ActionText::of).collect(Collectors.joining(", "));
    }

    private static String of(ControlAction action) {
        return switch (action) {
            case ControlAction.Send send -> of(send.message());
            case ControlAction.CloseCall close -> "CloseCall";
            case ControlAction.CloseConnection close -> "CloseConnection";
            case ControlAction.WanErrors errors -> "WanErrors";
            case ControlAction.Note note -> "Note";
            case PacAction.Started started -> "Started";
            case PacAction.OpenCall open -> "OpenCall " + open.request().callId();
            case PacAction.LinkInfo info -> "LinkInfo";
            case PnsAction.Started started -> "Started";
            case PnsAction.CallUp up -> "CallUp " + up.reply().callId();
        };
    }

    private static String of(ControlMessage message) {
        return switch (message) {
            case StartControlConnectionRequest m -> "SCCRQ";
            case StartControlConnectionReply m -> "SCCRP(" + m.resultCode() + "/" + m.errorCode() + ")";
            case StopControlConnectionRequest m -> "StopRQ(" + m.reason() + ")";
            case StopControlConnectionReply m -> "StopRP(" + m.resultCode() + "/" + m.errorCode() + ")";
            case EchoRequest m -> "EchoRQ(" + m.identifier() + ")";
            case EchoReply m -> "EchoRP(" + m.identifier() + " " + m.resultCode() + "/" + m.errorCode() + ")";
            case OutgoingCallRequest m -> "OCRQ(" + m.callId() + ")";
            case OutgoingCallReply m ->
                "OCRP(" + m.callId() + " for " + m.peersCallId() + " " + m.resultCode() + "/" + m.errorCode() + ")";
            case IncomingCallRequest m -> "ICRQ(" + m.callId() + ")";
            case IncomingCallReply m ->
                "ICRP(" + m.callId() + " for " + m.peersCallId() + " " + m.resultCode() + "/" + m.errorCode() + ")";
            case IncomingCallConnected m -> "ICCN(" + m.peersCallId() + ")";
            case CallClearRequest m -> "CCR(" + m.callId() + ")";
            case CallDisconnectNotify m -> "CDN(" + m.callId() + " " + m.resultCode() + "/" + m.errorCode() + ")";
            case WanErrorNotify m -> "WEN(" + m.peersCallId() + ")";
            case SetLinkInfo m -> "SLI(" + m.peersCallId() + ")";
        };
    }
}
