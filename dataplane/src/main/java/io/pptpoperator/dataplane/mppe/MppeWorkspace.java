package io.pptpoperator.dataplane.mppe;

/**
 * Scratch memory that all sessions of one thread share, so that a session itself stays small: RC4 tables of stateless
 * packets live no longer than the packet. Never to be used by two threads at once.
 */
public final class MppeWorkspace {
    final SessionKeyDigest digest = new SessionKeyDigest();
    final Rc4 packet = new Rc4();
    final Rc4 interim = new Rc4();
    final byte[] packetKey = new byte[16];
    final ReceivePosition candidate = new ReceivePosition();
}
