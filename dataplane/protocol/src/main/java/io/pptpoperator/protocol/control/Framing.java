package io.pptpoperator.protocol.control;

/** Bits of the Framing Capabilities and Framing Type fields (RFC 2637 sections 2.1, 2.2, 2.7 and 2.11). */
public final class Framing {
    /** Asynchronous framing. */
    public static final int ASYNCHRONOUS = 1;
    /** Synchronous framing. */
    public static final int SYNCHRONOUS = 2;
    /** Either of them. */
    public static final int EITHER = ASYNCHRONOUS | SYNCHRONOUS;

    private Framing() {}
}
