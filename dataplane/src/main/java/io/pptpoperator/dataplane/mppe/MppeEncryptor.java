package io.pptpoperator.dataplane.mppe;

import java.nio.ByteBuffer;

/**
 * Encrypts one direction of one session (RFC 3078). Allocates nothing per packet; belongs to one thread at a time.
 */
public final class MppeEncryptor {
    private final SessionKeys keys;
    private final byte[] key;
    /** The stream that runs on from packet to packet; null when stateless. */
    private final Rc4 stream;
    private int count;
    private boolean flush;
    private boolean changeKeyOnFlush;

    /**
     * Starts at coherency count 0.
     *
     * @param startKey as long as {@code mode}'s strength says
     */
    public MppeEncryptor(MppeMode mode, byte[] startKey) {
        keys = new SessionKeys(mode.strength(), startKey);
        key = keys.initialKey();
        if (mode.stateful()) {
            stream = new Rc4();
            // RFC 3078 section 3.1 wants the FLUSHED bit on the first packet; Linux neither sends it nor survives it.
            stream.init(key, key.length);
        } else {
            stream = null;
            keys.advance(key, new MppeWorkspace());
        }
    }

    /**
     * Encrypts in place and writes the MPPE header.
     *
     * @param buffer direct, big-endian; used with absolute indices only
     * @param offset where the two bytes of the MPPE header go; the data to encrypt (PPP protocol field and payload)
     *     stands behind them
     * @param length of header and data together, in bytes
     */
    public void encrypt(ByteBuffer buffer, int offset, int length, MppeWorkspace workspace) {
        int header = MppeHeader.ENCRYPTED | count;
        Rc4 cipher;
        if (stream == null) {
            cipher = workspace.packet;
            keys.initAndAdvance(cipher, key, workspace);
            header |= MppeHeader.FLUSHED;
        } else {
            cipher = stream;
            if (prepareStream(workspace)) {
                header |= MppeHeader.FLUSHED;
            }
        }
        buffer.putShort(offset, (short) header);
        cipher.crypt(buffer, offset + MppeHeader.LENGTH, length - MppeHeader.LENGTH);
        count = count + 1 & MppeHeader.COUNT_MASK;
    }

    /**
     * Encrypts two packets of one buffer, the first one first, as two calls of {@link #encrypt} would, in less time when
     * stateless.
     */
    public void encryptPair(ByteBuffer buffer, int firstOffset, int firstLength, int secondOffset,
            int secondLength,
            MppeWorkspace workspace) {
        encrypt(buffer, firstOffset, firstLength, workspace);
        encrypt(buffer, secondOffset, secondLength, workspace);
    }

    private boolean prepareStream(MppeWorkspace workspace) {
        boolean flagPacket = (count & MppeHeader.FLAG_PACKET) == MppeHeader.FLAG_PACKET;
        if (!flagPacket && !flush) {
            return false;
        }
        if (flagPacket || changeKeyOnFlush) {
            keys.advance(key, workspace);
        }
        stream.init(key, key.length);
        flush = false;
        changeKeyOnFlush = false;
        return true;
    }

    /**
     * Answers the peer's CCP Reset-Request: the next packet, and only that however often this is called before it,
     * starts its stream anew. Means nothing to stateless encryption.
     *
     * @param changeKey whether that packet also brings a new key, which Linux expects and RFC 3078 does not:
     *     {@link MppeDecryptor#peerChangesKeyOnFlush()} knows what the peer does
     */
    public void reset(boolean changeKey) {
        if (stream != null) {
            flush = true;
            changeKeyOnFlush = changeKey;
        }
    }
}
