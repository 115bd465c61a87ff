package io.pptpoperator.dataplane.network;

import java.util.OptionalInt;

/** The largest IP packet inside the tunnel, in bytes. */
public final class TunnelMtu {

    /** What Windows asks for, and so the most that its clients send. */
    private static final int MOST = 1400;
    /** What every host must accept (RFC 791 section 3.2). */
    private static final int LEAST = 576;
    /**
     * What PPTP puts around a packet at most: outer IPv4 header 20, GRE with both numbers 16 (RFC 2637 section 4.1),
     * PPP address, control and protocol 4, MPPE 2 and the protocol inside 2 (RFC 3078 section 3).
     */
    private static final int OVERHEAD = 44;

    private TunnelMtu() {}

    /** The MTU that keeps GRE packets whole on an uplink of that MTU, or on one that is not known. */
    public static int forUplink(OptionalInt uplinkMtu) {
        return uplinkMtu.isEmpty() ? MOST : Math.max(LEAST, Math.min(MOST, uplinkMtu.getAsInt() - OVERHEAD));
    }
}
