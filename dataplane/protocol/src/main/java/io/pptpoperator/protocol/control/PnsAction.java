package io.pptpoperator.protocol.control;

/** What {@link PnsControlConnection} asks the client to do. */
public sealed interface PnsAction extends ControlAction
        permits ControlAction.Send, ControlAction.CloseCall, ControlAction.WanErrors, ControlAction.CloseConnection,
        ControlAction.Note, PnsAction.Started, PnsAction.CallUp {

    /** The server opened the control connection, and says who it is; the call is being asked for. */
    record Started(StartControlConnectionReply reply) implements PnsAction {}

    /**
     * The call is established: PPP can begin. It ends with exactly one {@link ControlAction.CloseCall}.
     *
     * @param reply has the Call ID to put into GRE packets, and the server's window
     */
    record CallUp(OutgoingCallReply reply) implements PnsAction {}
}
