package io.pptpoperator.dataplane.mppe;

import java.nio.ByteBuffer;

/**
 * Decrypts one direction of one session (RFC 3078). Allocates nothing per packet; belongs to one thread at a time.
 *
 * <p>MPPE authenticates nothing, so anybody who can forge a GRE packet could move the keys on and kill the session.
 * Therefore keys follow only those packets that decrypt to an IPv4 packet, the one protocol that travels encrypted here.
 */
public final class MppeDecryptor {
    /** More lost packets than this at once are taken for a forgery: skipping each costs a key change. */
    private static final int MAX_LOST = 65_535;
    /** Beyond half of the count's range a packet is late rather than far ahead, unless GRE says otherwise. */
    private static final int MAX_UNPROVEN_GAP = 2_048;
    /** How many flushed packets of a Linux peer may be lost one after the other. */
    private static final int MAX_LOST_FLUSHES = 4;
    private static final int BOGUS_COST = 100;
    private static final int BOGUS_LIMIT = 1_600;

    private final SessionKeys keys;
    /** Stateless: the next packet's key. Stateful: the current one. */
    private final byte[] key;
    /** The stream that runs on from packet to packet; null when stateless. */
    private final Rc4 stream;
    private int expected;
    private boolean discarding;
    private boolean started;
    private int lastSequence;
    private boolean peerChangesKeyOnFlush;
    private int bogusScore;

    /**
     * Expects coherency count 0.
     *
     * @param startKey as long as {@code mode}'s strength says
     */
    public MppeDecryptor(MppeMode mode, byte[] startKey) {
        keys = new SessionKeys(mode.strength(), startKey);
        key = keys.initialKey();
        if (mode.stateful()) {
            stream = new Rc4();
            stream.init(key, key.length);
        } else {
            stream = null;
            keys.advance(key, new MppeWorkspace());
        }
    }

    /**
     * Decrypts in place. With {@link MppeVerdict#OK} the PPP protocol field and the payload stand behind the MPPE
     * header; otherwise the data is worthless.
     *
     * @param buffer direct, big-endian; used with absolute indices only
     * @param offset where the MPPE header begins
     * @param length of header and data together, in bytes
     * @param sequence the GRE sequence number that carried the packet: tells how often the 12-bit count went round
     *     when more than 4,095 packets were lost
     */
    public MppeVerdict decrypt(ByteBuffer buffer, int offset, int length, int sequence,
            MppeWorkspace workspace) {
        MppeVerdict verdict = length <= MppeHeader.LENGTH
                ? MppeVerdict.BOGUS
                : decryptChecked(buffer, offset, length, sequence, workspace);
        switch (verdict) {
            case OK -> {
                started = true;
                lastSequence = sequence;
                bogusScore >>= 1;
            }
            case LATE -> bogusScore++;
            case BOGUS, NOT_ENCRYPTED -> bogusScore = Math.min(bogusScore + BOGUS_COST, BOGUS_LIMIT);
            case NEEDS_RESET, DISCARDED -> {
            }
        }
        return verdict;
    }

    private MppeVerdict decryptChecked(ByteBuffer buffer, int offset, int length, int sequence,
            MppeWorkspace workspace) {
        int header = buffer.getShort(offset);
        int count = header & MppeHeader.COUNT_MASK;
        boolean flushed = (header & MppeHeader.FLUSHED) != 0;
        if ((header & MppeHeader.ENCRYPTED) == 0) {
            return MppeVerdict.NOT_ENCRYPTED;
        }
        boolean mustBeFlushed = stream == null || (count & MppeHeader.FLAG_PACKET) == MppeHeader.FLAG_PACKET;
        if (mustBeFlushed && !flushed) {
            return MppeVerdict.BOGUS;
        }
        int lost = lost(count, sequence);
        if (lost < 0) {
            return MppeVerdict.LATE;
        }
        if (lost > MAX_LOST) {
            return MppeVerdict.BOGUS;
        }
        int data = offset + MppeHeader.LENGTH;
        int dataLength = length - MppeHeader.LENGTH;
        if (stream == null) {
            return decryptStateless(buffer, data, dataLength, count, lost, workspace);
        }
        if (flushed) {
            return resynchronize(buffer, data, dataLength, count, lost, workspace);
        }
        return decryptStream(buffer, data, dataLength, lost);
    }

    /** How many packets are missing before this one; negative when it comes too late. */
    private int lost(int count, int sequence) {
        int lost = count - expected & MppeHeader.COUNT_MASK;
        int sequenceAdvance = started ? sequence - lastSequence : 1;
        if (sequenceAdvance <= 0) {
            return -1;
        }
        if (sequenceAdvance > lost) {
            // GRE numbers control packets too, so the count goes round at most as often as fits into its advance.
            return lost + (sequenceAdvance - 1 - lost & ~MppeHeader.COUNT_MASK);
        }
        return lost < MAX_UNPROVEN_GAP ? lost : -1;
    }

    private MppeVerdict decryptStateless(ByteBuffer buffer, int data, int dataLength, int count, int lost,
            MppeWorkspace workspace) {
        byte[] candidate = workspace.key;
        System.arraycopy(key, 0, candidate, 0, key.length);
        for (int k = 0; k < lost; k++) {
            keys.advance(candidate, workspace);
        }
        keys.initAndAdvance(workspace.packet, candidate, workspace);
        workspace.packet.crypt(buffer, data, dataLength);
        if (!isIpv4(buffer, data, dataLength)) {
            return MppeVerdict.BOGUS;
        }
        System.arraycopy(candidate, 0, key, 0, key.length);
        expected = count + 1 & MppeHeader.COUNT_MASK;
        return MppeVerdict.OK;
    }

    private MppeVerdict decryptStream(ByteBuffer buffer, int data, int dataLength, int lost) {
        if (discarding) {
            return MppeVerdict.DISCARDED;
        }
        if (lost == 0) {
            stream.crypt(buffer, data, dataLength);
            if (isIpv4(buffer, data, dataLength)) {
                expected = expected + 1 & MppeHeader.COUNT_MASK;
                return MppeVerdict.OK;
            }
        }
        discarding = true;
        return MppeVerdict.NEEDS_RESET;
    }

    /**
     * A flushed packet starts its stream anew. Its key changed once for every flag packet since (RFC 3078 section 8.2);
     * Linux changes the key with each flushed packet as well, lost ones included, so that is tried too.
     */
    private MppeVerdict resynchronize(ByteBuffer buffer, int data, int dataLength, int count, int lost,
            MppeWorkspace workspace) {
        byte[] candidate = workspace.key;
        System.arraycopy(key, 0, candidate, 0, key.length);
        int flagPackets = (expected + lost + 1 >> 8) - (expected >> 8);
        for (int k = 0; k < flagPackets; k++) {
            keys.advance(candidate, workspace);
        }
        for (int extra = 0; extra <= MAX_LOST_FLUSHES; extra++) {
            workspace.packet.init(candidate, key.length);
            workspace.packet.crypt(buffer, data, dataLength);
            if (isIpv4(buffer, data, dataLength)) {
                stream.copyFrom(workspace.packet);
                System.arraycopy(candidate, 0, key, 0, key.length);
                expected = count + 1 & MppeHeader.COUNT_MASK;
                discarding = false;
                if ((count & MppeHeader.FLAG_PACKET) != MppeHeader.FLAG_PACKET) {
                    peerChangesKeyOnFlush = extra > 0;
                }
                return MppeVerdict.OK;
            }
            workspace.packet.init(candidate, key.length);
            workspace.packet.crypt(buffer, data, dataLength);
            keys.advance(candidate, workspace);
        }
        return MppeVerdict.BOGUS;
    }

    /** Whether the data is an IPv4 packet behind a protocol field of one or two bytes: right by chance once in 2^28. */
    private static boolean isIpv4(ByteBuffer buffer, int data, int dataLength) {
        int fieldLength = buffer.get(data) == 0 ? 2 : 1;
        int ip = data + fieldLength;
        int ipLength = dataLength - fieldLength;
        if (ipLength < 20 || buffer.get(ip - 1) != 0x21) {
            return false;
        }
        int versionAndHeader = buffer.get(ip);
        int totalLength = buffer.getShort(ip + 2) & 0xffff;
        int headerLength = (versionAndHeader & 0x0f) * 4;
        return versionAndHeader >> 4 == 4 && headerLength >= 20 && totalLength >= headerLength
                && totalLength <= ipLength;
    }

    /**
     * Whether so many packets were bogus, with hardly a good one between them, that the link should end: the keys of the
     * two ends differ. The measure is that of Linux.
     */
    public boolean isHopeless() {
        return bogusScore >= BOGUS_LIMIT;
    }

    /**
     * Whether the peer, like Linux, also changes its key when it answers a Reset-Request: what
     * {@link MppeEncryptor#reset} of the other direction wants to know.
     */
    public boolean peerChangesKeyOnFlush() {
        return peerChangesKeyOnFlush;
    }
}
