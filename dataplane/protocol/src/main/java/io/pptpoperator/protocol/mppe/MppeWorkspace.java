package io.pptpoperator.protocol.mppe;

/**
 * Scratch memory that all sessions of one thread share, so that a session itself stays small: RC4 tables of stateless
 * packets live no longer than the packet. Never to be used by two threads at once.
 */
public final class MppeWorkspace {
    private static final ThreadLocal<MppeWorkspace> OF_THREAD = ThreadLocal.withInitial(MppeWorkspace::new);

    final SessionKeyDigest digest = new SessionKeyDigest();
    final Rc4 packet = new Rc4();
    final Rc4 interim = new Rc4();
    final byte[] packetKey = new byte[16];
    final ReceivePosition candidate = new ReceivePosition();

    /**
     * The calling thread's, for the key that a session begins with. One of several kilobytes for each session would be
     * garbage at once, and until it is collected lie between the sessions and spread them over many times as many
     * pages.
     */
    static MppeWorkspace ofThread() {
        return OF_THREAD.get();
    }
}
