package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlFrame;

/** Follows one dial-in. All calls come on its event loop. */
@FunctionalInterface
public interface DialObserver {

    /**
     * The TCP connection is there.
     *
     * @param local this end's address
     */
    default void connected(Ipv4Address local) {}

    /** The TCP connection could not be opened; {@link ClientAction.Ended} follows. */
    default void unreachable(Throwable cause) {}

    /** A control message arrived, before the session sees it. */
    default void received(ControlFrame frame) {}

    /** A PPP frame that is not data arrived, before the session sees it. */
    default void received(byte[] pppFrame) {}

    /** What the session wants done, or tells: it has been done already. The last one is {@link ClientAction.Ended}. */
    void observed(ClientAction action);
}
