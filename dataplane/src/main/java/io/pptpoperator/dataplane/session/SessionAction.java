package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.OutgoingCallRequest;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;

/** What a {@link PacSession} asks its owner to do, or tells it, in this order. */
public sealed interface SessionAction {

    /** Send a message on the TCP connection. */
    record Control(ControlMessage message) implements SessionAction {}

    /** The peer wants a call: {@link PacSession#callAccepted} or {@link PacSession#callRefused} is awaited. */
    record OpenCall(OutgoingCallRequest request) implements SessionAction {}

    /** What the PPP link wants of its tunnel. */
    record Link(LinkAction action) implements SessionAction {}

    /** Have somebody decide about the login, and tell {@link PacSession#answered}, in the same call or later. */
    record Ask(int number, LoginQuestion question) implements SessionAction {}

    /** A step of the login is done, so many milliseconds after the one before; each is told once. */
    record StepDone(LoginStep step, long millis) implements SessionAction {}

    /** A try to log in failed; the peer may be allowed another one. */
    record LoginFailed(String username, AuthMethod method, LoginFailure reason,
            String detail) implements SessionAction {}

    /** The login is complete: IP may flow between these addresses. Told once. */
    record Connected(AddressPlan addresses) implements SessionAction {}

    /** The session begins to end: no IP may flow any more, and its address is free for others. */
    record Ending() implements SessionAction {}

    /** The call is over: its tunnel is to be closed. */
    record CallOver(TerminationReason reason, String detail) implements SessionAction {}

    /** A stateful MPPE stream has to be reset. */
    record MppeReset() implements SessionAction {}

    /** Something worth a log line. */
    record Note(String text) implements SessionAction {}

    /** Close the TCP connection; nothing follows. */
    record Closed(String reason) implements SessionAction {}
}
