package io.pptpoperator.dataplane.datapath;

/** What a tunnel tells its session. All calls come on the control loop. */
public interface TunnelListener {

    /** A PPP frame that is not data: LCP, authentication, CCP, IPCP, or something unknown. */
    void onControlFrame(byte[] frame);

    /** Packets of a stateful MPPE stream were lost: CCP has to ask for a reset. */
    void onMppeResetNeeded();

    /** So many packets did not decrypt that the two ends cannot have the same keys. */
    void onMppeHopeless();
}
