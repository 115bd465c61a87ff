package io.pptpoperator.protocol.control;

/** What a control connection's state machine asks its owner to do, in this order; these actions both ends share. */
public sealed interface ControlAction permits PacAction, PnsAction {

    /** Send a message. */
    record Send(ControlMessage message) implements PacAction, PnsAction {}

    /**
     * The call is over: give up everything that belongs to it.
     *
     * @param reason a sentence's end for the log and the accounting
     */
    record CloseCall(String reason) implements PacAction, PnsAction {}

    /** The peer reports errors of its telephone line: worth a line in a debug log. */
    record WanErrors(WanErrorNotify counters) implements PacAction, PnsAction {}

    /**
     * Close the TCP connection as soon as everything to be sent has left, or after a few seconds, because a peer that
     * does not read must not keep it open. This is the last action of a state machine.
     *
     * @param reason a sentence's end for the log
     */
    record CloseConnection(String reason) implements PacAction, PnsAction {}

    /**
     * The peer did something odd that was survived: log it. How many of these a connection can cause is limited.
     */
    record Note(String text) implements PacAction, PnsAction {}
}
