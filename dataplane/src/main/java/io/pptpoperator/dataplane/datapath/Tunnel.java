package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import java.util.Optional;

/** One session's GRE, as its session sees it. All methods are for the control loop and return at once. */
public interface Tunnel {

    /** Our Call ID, which the client's GRE packets carry: 1 to 65535. */
    int callId();

    /** Its traffic so far. */
    TrafficCounters traffic();

    /** What it is now; only while the datapath rests. */
    default TunnelSnapshot snapshot() {
        throw new UnsupportedOperationException("only the datapath's tunnels are handed over");
    }

    /** Sends a PPP frame that is complete from its address field on. */
    void send(byte[] pppFrame);

    /** How data frames to the client may be shortened, as its LCP options allow (RFC 1661 sections 6.5 and 6.6). */
    void compressHeaders(boolean addressAndControl, boolean protocol);

    /**
     * Decrypts with fresh keys from the next packet on. Until {@link #stopEncryption} no IP passes in clear, either
     * way.
     */
    void decrypt(MppeDecryptor decryptor);

    /** Encrypts with fresh keys from the next packet on. For good, no IP passes in clear, either way. */
    void encrypt(MppeEncryptor encryptor);

    /** Ends both; where encryption is required or has begun, nothing but control frames passes from then on. */
    void stopEncryption();

    /** Answers the peer's CCP Reset-Request: the next packet starts its stream anew. */
    void resetEncryption();

    /** The peer has begun to count its GRE packets anew: whatever number comes next is the first. */
    void restartReceiving();

    /** Lets IP pass, from the next packet on. */
    void openNetwork(TunnelNetwork network);

    /** Limits what passes, from the next packet on; what waits for the limits before leaves by the new ones. */
    void limit(TunnelLimits limits);

    /** Narrows where its client may send to, from the next packet on; empty: as far as the server lets everybody. */
    void reach(Optional<TunnelReach> reach);

    /**
     * Whether DHCPINFORM of its client goes to {@link TunnelListener#onInform}, once a second at most, instead of the way
     * of all packets.
     */
    void hearInforms(boolean heard);

    /** Sends its client an IPv4 packet of the server itself, of which the host knows nothing. */
    void answer(byte[] packet);

    /** Lets no IP pass any more, from the next packet on. Routes that a newer session has taken over stay its own. */
    void closeNetwork();

    /** Takes its routes back from a newer session that is over. */
    void reclaimRoutes();

    /** Closes the tunnel once what was sent before has left, and frees its Call ID. */
    void close();
}
