package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.OutgoingCallReply;
import io.pptpoperator.protocol.control.StartControlConnectionReply;
import io.pptpoperator.protocol.ppp.link.LinkAction;

/** What a {@link PnsSession} asks its owner to do, or tells it, in this order. */
public sealed interface ClientAction {

    /** Send a message on the TCP connection. */
    record Control(ControlMessage message) implements ClientAction {}

    /** The server opened the control connection, and says who it is. */
    record Started(StartControlConnectionReply reply) implements ClientAction {}

    /** The call is up: what goes into the tunnel from now on names the server's Call ID. */
    record CallUp(OutgoingCallReply reply) implements ClientAction {}

    /** What the PPP link wants or tells; its frames and keys are for the tunnel. */
    record Link(LinkAction action) implements ClientAction {}

    /** Something worth a log line. */
    record Note(String text) implements ClientAction {}

    /** The session is over: close tunnel and TCP connection. Nothing follows. */
    record Ended(SessionEnd end) implements ClientAction {}
}
