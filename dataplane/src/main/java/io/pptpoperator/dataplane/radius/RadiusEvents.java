package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.radius.RadiusCode;

/** What happens with RADIUS, for whoever counts it and writes it down. All calls come on the control loop. */
public interface RadiusEvents extends RadiusObserver, RadiusNotes {

    /**
     * A Disconnect-Request or CoA-Request was answered.
     *
     * @param answer such as {@link RadiusCode#DISCONNECT_ACK}
     */
    void ordered(RadiusCode answer);

    /** A datagram to the port for such requests got no answer, for this reason. */
    void orderRefused(String why);

    /** The port for such requests is open, or (with a reason) cannot be had. */
    void ordersPort(int port, boolean open);
}
