package io.pptpoperator.protocol.mppe;

/** What became of a packet given to {@link MppeDecryptor#decrypt}. */
public enum MppeVerdict {
    /** Decrypted: the protocol field and the payload stand behind the MPPE header. */
    OK,
    /** Older than what was already decrypted, or a duplicate: its key is gone. */
    LATE,
    /**
     * Packets were lost from a stateful stream: the caller sends a CCP Reset-Request without data (RFC 3078 section
     * 8.2) and repeats it as RFC 1962 says while verdicts stay {@link #DISCARDED}.
     */
    NEEDS_RESET,
    /** Undecipherable while a stateful stream waits for a packet with the FLUSHED bit. */
    DISCARDED,
    /** The ENCRYPTED bit is missing. */
    NOT_ENCRYPTED,
    /** A header that breaks the protocol, or bytes that do not decrypt to an IP packet; the keys stay as they were. */
    BOGUS
}
