package io.pptpoperator.protocol.mppe;

import java.nio.ByteBuffer;
import javax.crypto.Cipher;

/** RFC 3078's sender in the slow, obvious way: what the fast code is compared with. */
final class ReferenceSender {
    private final MppeParameters parameters;
    private final ReferenceKeys keys;
    private final boolean changesKeyOnFlush;
    private Cipher stream;
    private int count;
    private boolean flush;

    /**
     * @param changesKeyOnFlush whether a stateful stream also gets a new key when it is flushed, as Linux has it
     */
    ReferenceSender(MppeParameters parameters, byte[] startKey, boolean changesKeyOnFlush) {
        this.parameters = parameters;
        this.changesKeyOnFlush = changesKeyOnFlush;
        keys = new ReferenceKeys(MppeStrength.of(parameters.keyBits()), startKey);
        stream = keys.cipher();
    }

    /** The MPPE packet, header included. */
    byte[] encrypt(byte[] data) {
        boolean flagPacket = count % 256 == 255;
        boolean flushed = parameters.stateless() || flagPacket || flush;
        if (flushed) {
            if (parameters.stateless() || flagPacket || changesKeyOnFlush) {
                keys.advance();
            }
            stream = keys.cipher();
            flush = false;
        }
        int header = 0x1000 | (flushed ? 0x8000 : 0) | count;
        count = (count + 1) % 4096;
        return ByteBuffer.allocate(2 + data.length).putShort((short) header).put(stream.update(data)).array();
    }

    /** Acts on a Reset-Request. */
    void reset() {
        flush = true;
    }

    /** Acts on a Reset-Request as {@link MppeEncryptor} does: the next packet is a flag packet. */
    void skipToFlagPacket() {
        count |= 0xff;
    }
}
