package io.pptpoperator.dataplane.session;

/** A client in a test, whatever carries its bytes. */
interface Peer {

    /** The TCP connection is there. */
    void connected(PeerLine line);

    /** Bytes came over TCP: a message, a part of one, or several. */
    void control(byte[] bytes);

    /** A GRE packet came, without its outer IP header. */
    void gre(byte[] packet);

    /** The server closed the TCP connection, or did not let it in. */
    void hungUp();

    /** The time that the peer asked to be woken at has come. */
    default void wake() {}
}
