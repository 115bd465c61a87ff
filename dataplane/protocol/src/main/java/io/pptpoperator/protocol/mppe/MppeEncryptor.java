package io.pptpoperator.protocol.mppe;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Encrypts one direction of one session (RFC 3078). Allocates nothing per packet; belongs to one thread at a time.
 * Where several packets are at hand, {@link MppeBatch} encrypts them faster.
 */
public final class MppeEncryptor {
    /**
     * All that another one needs to go on in this one's place. Only one of them may: both would encrypt with the same key
     * stream.
     *
     * @param parameters what CCP agreed on
     * @param startKey the login's
     * @param key the next packet's, or the current one in stateful mode
     * @param count the next packet's coherency count
     * @param flush whether the next packet starts its stream anew
     * @param stream the place in the stream that runs on from packet to packet; empty in stateless mode
     */
    public record Snapshot(MppeParameters parameters, byte[] startKey, byte[] key, int count, boolean flush,
            Optional<byte[]> stream) {}

    private final SessionKeys keys;
    /** Stateless: the next packet's key. Stateful: the current one. */
    private final byte[] key;
    /** The stream that runs on from packet to packet; null when stateless. */
    private final Rc4 stream;
    private int count;
    private boolean flush;

    /**
     * Starts at coherency count 0.
     *
     * @param startKey as long as the strength of {@code parameters} says
     */
    public MppeEncryptor(MppeParameters parameters, byte[] startKey) {
        keys = new SessionKeys(parameters, startKey);
        key = keys.firstPacketKey(MppeWorkspace.ofThread());
        // RFC 3078 section 3.1 wants the FLUSHED bit on the first packet; Linux neither sends it nor survives it.
        stream = keys.stream(key);
    }

    /** Goes on in the place of another one. */
    public MppeEncryptor(Snapshot before) {
        keys = new SessionKeys(before.parameters(), before.startKey());
        key = before.key().clone();
        count = before.count();
        flush = before.flush();
        stream = before.stream().map(Rc4::at).orElse(null);
    }

    /** What it is now. */
    public Snapshot snapshot() {
        return new Snapshot(keys.parameters(), keys.startKey(), key.clone(), count, flush,
                Optional.ofNullable(stream).map(Rc4::place));
    }

    /** Reads what the next packet needs, so that the processor has it near by then; the result means nothing. */
    int fetchKeys() {
        return keys.fetch() + key[0] + count;
    }

    boolean isStateless() {
        return stream == null;
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
        Rc4 cipher = stream;
        if (isStateless()) {
            cipher = workspace.packet;
            beginStateless(buffer, offset, cipher, workspace);
        } else {
            beginStateful(buffer, offset, workspace);
        }
        cipher.crypt(buffer, offset + MppeHeader.LENGTH, length - MppeHeader.LENGTH);
    }

    /** Writes the header of the next packet and starts its stream in {@code packet}. */
    void beginStateless(ByteBuffer buffer, int offset, Rc4 packet, MppeWorkspace workspace) {
        keys.initAndAdvance(packet, key, workspace);
        writeHeader(buffer, offset, MppeHeader.FLUSHED);
    }

    private void beginStateful(ByteBuffer buffer, int offset, MppeWorkspace workspace) {
        if (flush) {
            count |= MppeHeader.FLAG_PACKET;
        }
        if (!MppeHeader.isFlagPacket(count)) {
            writeHeader(buffer, offset, 0);
            return;
        }
        keys.advance(key, workspace);
        stream.init(key, key.length);
        flush = false;
        writeHeader(buffer, offset, MppeHeader.FLUSHED);
    }

    private void writeHeader(ByteBuffer buffer, int offset, int flushed) {
        buffer.putShort(offset, (short) (MppeHeader.ENCRYPTED | flushed | count));
        count = count + 1 & MppeHeader.COUNT_MASK;
    }

    /**
     * Answers the peer's CCP Reset-Request: the next packet, and only that however often this is called before it,
     * starts a stream anew. Means nothing to stateless encryption.
     *
     * <p>RFC 3078 section 8.2 would have it start with the present key, and so encrypt two packets with the same
     * stream. The count goes on to the next flag packet instead: to the receiver those between are lost, and the key of
     * a flag packet is new. Linux, which changes its key with every flushed packet, and the RFC agree on that one's.
     */
    public void reset() {
        flush = true;
    }
}
