package io.pptpoperator.protocol.mppe;

/** The two bytes before the encrypted data: bits A to D and the coherency count (RFC 3078 section 3.1). */
public final class MppeHeader {
    /** The header's length in bytes. */
    public static final int LENGTH = 2;
    /** What encryption adds to an IP packet, in bytes: this header and the protocol number inside (section 3). */
    public static final int OVERHEAD = LENGTH + 2;

    /** Bit A: the RC4 tables were initialized before this packet was encrypted. */
    static final int FLUSHED = 0x8000;
    /** Bit D: the packet is encrypted. */
    static final int ENCRYPTED = 0x1000;
    /** The coherency count's 12 bits. */
    static final int COUNT_MASK = 0x0fff;
    /** How many counts there are. */
    static final int COUNTS = COUNT_MASK + 1;
    /** With stateful encryption a packet with all these bits of the count set, a "flag packet", brings a new key. */
    static final int FLAG_PACKET = 0x00ff;

    private MppeHeader() {}

    static boolean isFlagPacket(int count) {
        return (count & FLAG_PACKET) == FLAG_PACKET;
    }
}
