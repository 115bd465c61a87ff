package io.pptpoperator.protocol.control;

/** What {@link PacControlConnection} asks the server to do. */
public sealed interface PacAction extends ControlAction
        permits ControlAction.Send, ControlAction.CloseCall, ControlAction.WanErrors, ControlAction.CloseConnection,
        ControlAction.Note, PacAction.Started, PacAction.OpenCall, PacAction.LinkInfo {

    /** The client opened the control connection, and says who it is. */
    record Started(StartControlConnectionRequest request) implements PacAction {}

    /**
     * The client asks for a call. The server answers with {@link PacControlConnection#acceptCall} once it can receive
     * the call's GRE packets, because the client sends them as soon as it sees the reply, or with
     * {@link PacControlConnection#refuseCall}. After an accepted call, and when the client gives up before the answer,
     * there is exactly one {@link ControlAction.CloseCall}.
     */
    record OpenCall(OutgoingCallRequest request) implements PacAction {}

    /** The client reports its character maps, which mean nothing over GRE: worth a line in a debug log. */
    record LinkInfo(int sendAccm, int receiveAccm) implements PacAction {}
}
