package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;

/** What a link asks its owner to do, or tells it, in this order. */
public sealed interface LinkAction {

    /** Send a frame, complete from its address or protocol field on, as it goes into GRE. */
    record Send(byte[] pppFrame) implements LinkAction {}

    /**
     * LCP opened; again, should the peer negotiate anew.
     *
     * @param peerMru the longest information field, in bytes, that the peer takes
     * @param peerTakesPfc whether data may go with a protocol number of one byte
     * @param peerTakesAcfc whether data may go without FF 03
     */
    record LcpOpened(int peerMru, boolean peerTakesPfc, boolean peerTakesAcfc) implements LinkAction {}

    /**
     * Have somebody decide about the peer's login, and tell {@link PppLink#answered}, in the same call or later. The link may
     * have lost interest by then, see {@link PppLink#awaits}.
     *
     * @param number tells a link's questions apart; positive
     */
    record Ask(int number, LoginQuestion question) implements LinkAction {}

    /** The login succeeded. */
    record Authenticated(String username, AuthMethod method) implements LinkAction {}

    /** The login failed; the link is going to end. */
    record LoginFailed(String username, AuthMethod method, LoginFailure reason, String detail) implements LinkAction {}

    /** A try failed and another one was invited. */
    record LoginRetrying(String username, AuthMethod method, LoginFailure reason) implements LinkAction {}

    /**
     * The peer may encrypt from now on: key what decrypts afresh, also when it was keyed before. Plain IP from the peer
     * must be dropped from now on, and none be sent.
     */
    record MppeReceive(MppeParameters parameters, MppeStartKeys keys) implements LinkAction {}

    /**
     * Encryption is agreed: from now on IP goes encrypted. Key what encrypts afresh; what decrypts has its keys since
     * the {@link MppeReceive} before this.
     */
    record MppeUp(MppeParameters send, MppeParameters receive, MppeStartKeys keys) implements LinkAction {}

    /** What {@link MppeReceive} and {@link MppeUp} said is over. */
    record MppeDown() implements LinkAction {}

    /** The peer lost the thread: start encryption over and set FLUSHED in the next packet (RFC 3078 section 3.2). */
    record MppeResetRequested() implements LinkAction {}

    /** The peer says that it started over. */
    record MppeResetAcknowledged() implements LinkAction {}

    /** IP may flow between these addresses: encrypted if {@link MppeUp} came and {@link MppeDown} did not. */
    record NetworkUp(AddressPlan addresses) implements LinkAction {}

    /** No IP may flow any more, for now. */
    record NetworkDown() implements LinkAction {}

    /** A step of the login is done; each is told once. */
    record StepDone(LoginStep step) implements LinkAction {}

    /** The peer has begun anew, and numbers its GRE packets anew: whatever number comes next is the first. */
    record PeerStartedOver() implements LinkAction {}

    /** The peer tells the name of its computer. */
    record PeerComputer(String name) implements LinkAction {}

    /** Something worth a log line. */
    record Note(String text) implements LinkAction {}

    /** The link has ended and does nothing more; {@code detail} is a sentence for the log. */
    record Terminated(TerminationReason reason, String detail) implements LinkAction {}
}
