package io.pptpoperator.protocol.ppp.hdlc;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Takes PPP frames out of the HDLC-like framing of RFC 1662, from a stream that may come in any pieces. What is
 * aborted, too short, too long or damaged is dropped and counted (section 4.3); never more than one frame is held.
 */
public final class HdlcDecoder {

    private static final int FCS_LENGTH = 2;
    /** The shortest frame that can mean anything: a protocol number of one byte, and the FCS. */
    private static final int MIN_LENGTH = 1 + FCS_LENGTH;

    private final int accm;
    private final byte[] frame;
    private int length;
    private int fcs = Fcs16.INITIAL;
    private boolean escaped;
    /** Whether the rest up to the next flag belongs to a frame that is lost anyway. */
    private boolean skipping;
    private long dropped;

    /**
     * A decoder before its first flag.
     *
     * @param maxFrame the longest PPP frame, in bytes without FCS, that is taken
     * @param accm the characters below 0x20 that the line itself may insert, bit n for character n: unescaped ones are
     *     dropped (section 7.1); 0 over a clean line
     */
    public HdlcDecoder(int maxFrame, int accm) {
        this.frame = new byte[maxFrame + FCS_LENGTH];
        this.accm = accm;
    }

    /**
     * Reads {@code length} bytes of the line from {@code offset} on and gives each good frame, without FCS, to a
     * consumer.
     */
    public void decode(byte[] line, int offset, int length, Consumer<byte[]> frames) {
        for (int i = offset; i < offset + length; i++) {
            octet(line[i], frames);
        }
    }

    /** How many frames were dropped so far. */
    public long dropped() {
        return dropped;
    }

    private void octet(byte octet, Consumer<byte[]> frames) {
        if (octet == HdlcEncoder.FLAG) {
            endOfFrame(frames);
        } else if (octet >= 0 && octet < 0x20 && (accm >>> octet & 1) != 0) {
            // Inserted on the way: the peer would have escaped it.
            return;
        } else if (octet == HdlcEncoder.ESCAPE) {
            escaped = true;
        } else if (length == frame.length) {
            skipping = true;
        } else if (!skipping) {
            byte plain = escaped ? (byte) (octet ^ HdlcEncoder.ESCAPE_BIT) : octet;
            escaped = false;
            frame[length++] = plain;
            fcs = Fcs16.update(fcs, plain);
        }
    }

    private void endOfFrame(Consumer<byte[]> frames) {
        boolean empty = length == 0 && !escaped && !skipping;
        // An escape right before the flag is the sender's way to abort a frame.
        boolean good = !skipping && !escaped && length >= MIN_LENGTH && fcs == Fcs16.GOOD;
        byte[] content = good ? Arrays.copyOf(frame, length - FCS_LENGTH) : null;
        length = 0;
        fcs = Fcs16.INITIAL;
        escaped = false;
        skipping = false;
        if (good) {
            frames.accept(content);
        } else if (!empty) {
            dropped++;
        }
    }
}
