package io.pptpoperator.protocol.tunnel;

import java.nio.ByteBuffer;

/**
 * Takes what comes out of tunnels. Buffers are lent for the call; they must not be kept.
 *
 * @param <T> what is kept of a tunnel
 */
public interface TunnelSink<T extends TunnelState> {

    /**
     * An IP packet, in order; it has not been looked at.
     *
     * @param packet holds it; bytes before {@code offset} are of no more use
     * @param length bytes that are there
     * @param encrypted whether it came encrypted; if not, it may pass in clear
     */
    void ip(T tunnel, ByteBuffer packet, int offset, int length, boolean encrypted, long now);

    /**
     * A PPP frame that is no data: LCP, authentication, CCP, IPCP, or something unknown. Also, now and then, one of those
     * that came encrypted though there are no keys: the peer believes that CCP is open, and may have to be told.
     *
     * @param inOrder false for a frame of LCP whose GRE number is not the next one: its sender may have begun anew
     */
    void controlFrame(T tunnel, ByteBuffer packet, int offset, int length, boolean inOrder, long now);

    /** Packets of a stateful MPPE stream were lost: CCP has to ask for a reset. Said again until one has come. */
    void resetNeeded(T tunnel);

    /** So many packets did not decrypt that the two ends cannot have the same keys. */
    void hopeless(T tunnel);

    /** A packet is not passed on. */
    void dropped(T tunnel, TunnelDrop cause);

    /** A packet came early and is held; {@link TunnelState#heldUntil} tells for how long. */
    default void held(T tunnel) {}
}
