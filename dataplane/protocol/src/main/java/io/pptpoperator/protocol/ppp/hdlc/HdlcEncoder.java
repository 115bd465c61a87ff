package io.pptpoperator.protocol.ppp.hdlc;

import java.util.Arrays;

/** Puts PPP frames into the HDLC-like framing of RFC 1662 for octet-oriented lines: flags, escapes, FCS-16. */
public final class HdlcEncoder {
    /**
     * The Async-Control-Character-Map of a line before negotiation (section 7.1), and of LCP's Configure packets
     * always: all characters below 0x20 are escaped.
     */
    public static final int DEFAULT_ACCM = 0xffffffff;

    static final byte FLAG = 0x7e;
    static final byte ESCAPE = 0x7d;
    static final int ESCAPE_BIT = 0x20;

    private HdlcEncoder() {}

    /**
     * Frames one PPP frame.
     *
     * @param frame from its address or protocol field on, without FCS
     * @param accm which characters below 0x20 the peer wants escaped: bit n for character n
     * @return the frame between two flags
     */
    public static byte[] encode(byte[] frame, int accm) {
        byte[] line = new byte[2 * (frame.length + 2) + 2];
        int at = 0;
        line[at++] = FLAG;
        int fcs = Fcs16.INITIAL;
        for (byte octet : frame) {
            fcs = Fcs16.update(fcs, octet);
            at = put(line, at, octet, accm);
        }
        // The complement goes out least significant byte first (appendix C.2).
        fcs = ~fcs;
        at = put(line, at, (byte) fcs, accm);
        at = put(line, at, (byte) (fcs >>> 8), accm);
        line[at++] = FLAG;
        return Arrays.copyOf(line, at);
    }

    private static int put(byte[] line, int offset, byte octet, int accm) {
        int at = offset;
        boolean mapped = octet >= 0 && octet < 0x20 && (accm >>> octet & 1) != 0;
        if (mapped || octet == FLAG || octet == ESCAPE) {
            line[at++] = ESCAPE;
            line[at++] = (byte) (octet ^ ESCAPE_BIT);
        } else {
            line[at++] = octet;
        }
        return at;
    }
}
