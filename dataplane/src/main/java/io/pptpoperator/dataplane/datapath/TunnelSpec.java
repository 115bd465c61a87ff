package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Address;

/**
 * What a call's Outgoing-Call-Request and the configuration say about a tunnel to be opened.
 *
 * @param peer the client's address, the only one whose GRE is taken
 * @param local the address that the client dialled, from which it expects its GRE
 * @param peerCallId the client's Call ID, which our packets carry; {@link #NOT_YET} for a tunnel to a server that has
 *     yet to answer the call
 * @param encryptionRequired whether IP in clear is dropped in both directions
 * @param reorderPackets how far ahead of a missing packet others are held
 * @param reorderDelay milliseconds that they are held at most
 */
public record TunnelSpec(Ipv4Address peer, Ipv4Address local, int peerCallId, boolean encryptionRequired,
        int reorderPackets, int reorderDelay) {

    /** Stands for a Call ID that is not known yet. */
    public static final int NOT_YET = -1;
}
