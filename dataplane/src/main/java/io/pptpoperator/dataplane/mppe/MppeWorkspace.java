package io.pptpoperator.dataplane.mppe;

/**
 * Scratch memory that all sessions of one thread share, so that a session itself stays small: RC4 tables of stateless
 * packets live no longer than the packet. Never to be used by two threads at once.
 */
public final class MppeWorkspace {
    final Rc4 packet = new Rc4();
    final Rc4 interim = new Rc4();
    final byte[] key = new byte[16];
    final SessionKeyDigest digest = new SessionKeyDigest();
}
