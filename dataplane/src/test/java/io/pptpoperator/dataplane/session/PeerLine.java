package io.pptpoperator.dataplane.session;

/** What carries a {@link Peer}'s bytes to the server. */
interface PeerLine {

    /** Milliseconds of the peer's clock. */
    long now();

    /** Sends bytes over TCP. */
    void control(byte[] bytes);

    /** Sends a GRE packet, from its GRE header on. */
    void gre(byte[] packet);

    /** Closes the TCP connection. */
    void hangUp();

    /** Wakes the peer at this time, and no longer at an earlier wish. */
    void wakeAt(long time);
}
