package io.pptpoperator.dataplane.datapath;

/**
 * A client's tunnel. It exists before the call is placed, since the Outgoing-Call-Request names our Call ID; the
 * server's is known only from its reply, and the server's GRE may come before that.
 */
public interface DialedTunnel extends Tunnel {

    /**
     * The call is answered: packets can be sent now.
     *
     * @param peerCallId the server's Call ID, which our packets carry
     */
    void answered(int peerCallId);
}
