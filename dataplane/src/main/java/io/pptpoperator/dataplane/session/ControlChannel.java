package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlMessage;

/** The TCP connection of one client, as far as its session needs it. All calls come on the control loop. */
public interface ControlChannel {

    /** The client's address. */
    Ipv4Address peer();

    /** The address that the client dialled. */
    Ipv4Address local();

    /** Sends a message. */
    void send(ControlMessage message);

    /** Closes the connection as soon as everything sent has left, or after a few seconds. */
    void close();

    /** Calls {@link PeerConnection#tick} at {@code deadline}, and no longer at an earlier wish of this connection. */
    void wakeAt(long deadline);
}
