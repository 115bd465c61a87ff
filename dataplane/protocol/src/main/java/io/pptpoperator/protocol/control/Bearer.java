package io.pptpoperator.protocol.control;

/** Bits of the Bearer Capabilities and Bearer Type fields (RFC 2637 sections 2.1, 2.2, 2.7 and 2.9). */
public final class Bearer {
    /** Analog access. */
    public static final int ANALOG = 1;
    /** Digital access. */
    public static final int DIGITAL = 2;
    /** Any kind of channel. */
    public static final int ANY = ANALOG | DIGITAL;

    private Bearer() {}
}
