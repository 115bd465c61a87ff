package io.pptpoperator.dataplane.datapath;

/** What a tunnel tells its session. All calls come on the control loop. */
public interface TunnelListener {

    /**
     * A PPP frame that is not data: LCP, authentication, CCP, IPCP, or something unknown. Also, now and then, one of
     * those that came encrypted though there are no keys.
     */
    void onControlFrame(byte[] frame);

    /** A PPP frame of LCP whose GRE number is out of order: its sender may have begun anew. */
    void onFrameOutOfOrder(byte[] frame);

    /** Packets of a stateful MPPE stream were lost: CCP has to ask for a reset. Repeated until one has come. */
    void onMppeResetNeeded();

    /** So many packets did not decrypt that the two ends cannot have the same keys. */
    void onMppeHopeless();

    /** The client asks by DHCPINFORM what it should know: an IPv4 packet from its own address. */
    default void onInform(byte[] packet) {
        // Only where somebody wants to hear of it.
    }

    /** The bytes that {@link TunnelLimits} let through are used up: no more IP passes, either way. */
    default void onOctetsUsedUp() {
        // Only where somebody sets such limits.
    }
}
