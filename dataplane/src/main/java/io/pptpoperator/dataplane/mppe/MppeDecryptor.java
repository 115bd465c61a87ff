package io.pptpoperator.dataplane.mppe;

import java.nio.ByteBuffer;

/**
 * Decrypts one direction of one session (RFC 3078). Allocates nothing per packet; belongs to one thread at a time. Where
 * several packets are at hand, {@link MppeBatch} decrypts them faster.
 *
 * <p>MPPE authenticates nothing, so anybody who can forge a GRE packet could move the keys on and kill the session.
 * Therefore keys follow only those packets that decrypt to what begins like an IP packet.
 */
public final class MppeDecryptor {
    /** More lost packets than this at once are taken for a forgery: skipping each costs a key change. */
    private static final int MAX_LOST = 65_535;
    /** How many flushed packets of a Linux peer may be lost one after the other. */
    private static final int MAX_LOST_FLUSHES = 4;
    private static final int PROTOCOL_IPV4 = 0x21;
    private static final int PROTOCOL_IPV6 = 0x57;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int BOGUS_COST = 100;
    private static final int BOGUS_LIMIT = 1_600;

    private final SessionKeys keys;
    private final ReceivePosition position = new ReceivePosition();
    /** The stream that runs on from packet to packet; null when stateless. */
    private final Rc4 stream;
    private boolean discarding;
    private boolean peerChangesKeyOnFlush;
    private int bogusScore;

    /**
     * Expects coherency count 0.
     *
     * @param startKey as long as the strength of {@code parameters} says
     */
    public MppeDecryptor(MppeParameters parameters, byte[] startKey) {
        var workspace = new MppeWorkspace();
        keys = new SessionKeys(MppeStrength.of(parameters.keyBits()), startKey);
        byte[] key = keys.initialKey(workspace);
        if (!parameters.stateless()) {
            stream = new Rc4();
            stream.init(key, key.length);
        } else {
            stream = null;
            keys.advance(key, workspace);
        }
        System.arraycopy(key, 0, position.key, 0, key.length);
    }

    boolean isStateless() {
        return stream == null;
    }

    ReceivePosition position() {
        return position;
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
        if (isStateless()) {
            MppeVerdict verdict = beginStateless(buffer, offset, length, sequence, position,
                    workspace.candidate,
                    workspace.packet, workspace);
            if (verdict != MppeVerdict.OK) {
                return verdict;
            }
            workspace.packet.crypt(buffer, offset + MppeHeader.LENGTH, length - MppeHeader.LENGTH);
            return concludeStateless(buffer, offset, length, workspace.candidate);
        }
        return scored(decryptStateful(buffer, offset, length, sequence, workspace));
    }

    /**
     * The first half of decrypting a stateless packet: starts its stream.
     *
     * @param from where decryption stands
     * @param after becomes where it will stand if the packet proves genuine
     * @param packet becomes the packet's stream
     * @return OK, or what is wrong with the packet
     */
    MppeVerdict beginStateless(ByteBuffer buffer, int offset, int length, int sequence, ReceivePosition from,
            ReceivePosition after, Rc4 packet, MppeWorkspace workspace) {
        if (length <= MppeHeader.LENGTH) {
            return scored(MppeVerdict.BOGUS);
        }
        int header = buffer.getShort(offset);
        if ((header & MppeHeader.ENCRYPTED) == 0) {
            return scored(MppeVerdict.NOT_ENCRYPTED);
        }
        int count = header & MppeHeader.COUNT_MASK;
        int lost = from.lostBefore(count, sequence);
        if (lost < 0) {
            return scored(MppeVerdict.LATE);
        }
        if ((header & MppeHeader.FLUSHED) == 0 || lost > MAX_LOST) {
            return scored(MppeVerdict.BOGUS);
        }
        after.copyFrom(from);
        for (int k = 0; k < lost; k++) {
            keys.advance(after.key, workspace);
        }
        keys.initAndAdvance(packet, after.key, workspace);
        after.moveBehind(count, sequence);
        return MppeVerdict.OK;
    }

    /** The second half: looks at the decrypted packet, and goes on to {@code after} if it is genuine. */
    MppeVerdict concludeStateless(ByteBuffer buffer, int offset, int length, ReceivePosition after) {
        if (!isIpPacket(buffer, offset + MppeHeader.LENGTH, length - MppeHeader.LENGTH)) {
            return scored(MppeVerdict.BOGUS);
        }
        position.copyFrom(after);
        return scored(MppeVerdict.OK);
    }

    private MppeVerdict decryptStateful(ByteBuffer buffer, int offset, int length, int sequence,
            MppeWorkspace workspace) {
        if (length <= MppeHeader.LENGTH) {
            return MppeVerdict.BOGUS;
        }
        int header = buffer.getShort(offset);
        if ((header & MppeHeader.ENCRYPTED) == 0) {
            return MppeVerdict.NOT_ENCRYPTED;
        }
        int count = header & MppeHeader.COUNT_MASK;
        int lost = position.lostBefore(count, sequence);
        if (lost < 0) {
            return MppeVerdict.LATE;
        }
        boolean flushed = (header & MppeHeader.FLUSHED) != 0;
        if (lost > MAX_LOST || MppeHeader.isFlagPacket(count) && !flushed) {
            return MppeVerdict.BOGUS;
        }
        int data = offset + MppeHeader.LENGTH;
        int dataLength = length - MppeHeader.LENGTH;
        if (flushed) {
            return resynchronize(buffer, data, dataLength, count, lost, sequence, workspace);
        }
        if (discarding) {
            return MppeVerdict.DISCARDED;
        }
        if (lost == 0) {
            stream.crypt(buffer, data, dataLength);
            if (isIpPacket(buffer, data, dataLength)) {
                position.moveBehind(count, sequence);
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
            int sequence,
            MppeWorkspace workspace) {
        ReceivePosition candidate = workspace.candidate;
        candidate.copyFrom(position);
        for (int k = position.flagPackets(lost); k > 0; k--) {
            keys.advance(candidate.key, workspace);
        }
        for (int extra = 0; extra <= MAX_LOST_FLUSHES; extra++) {
            workspace.packet.init(candidate.key, keys.length());
            workspace.packet.crypt(buffer, data, dataLength);
            if (isIpPacket(buffer, data, dataLength)) {
                stream.copyFrom(workspace.packet);
                candidate.moveBehind(count, sequence);
                position.copyFrom(candidate);
                discarding = false;
                peerChangesKeyOnFlush = MppeHeader.isFlagPacket(count) ? peerChangesKeyOnFlush : extra > 0;
                return MppeVerdict.OK;
            }
            // The same stream once more puts the encrypted bytes back for the next try.
            workspace.packet.init(candidate.key, keys.length());
            workspace.packet.crypt(buffer, data, dataLength);
            keys.advance(candidate.key, workspace);
        }
        return MppeVerdict.BOGUS;
    }

    /**
     * Whether the data is a protocol field of one or two bytes and an IP packet whose header agrees with it; random
     * bytes are, about once in a hundred thousand times.
     */
    private static boolean isIpPacket(ByteBuffer buffer, int data, int dataLength) {
        int fieldLength = buffer.get(data) == 0 ? 2 : 1;
        int ip = data + fieldLength;
        int ipLength = dataLength - fieldLength;
        if (ipLength < IPV4_HEADER) {
            return false;
        }
        int protocol = buffer.get(ip - 1);
        int version = buffer.get(ip) >> 4;
        if (protocol == PROTOCOL_IPV4 && version == 4) {
            int headerLength = (buffer.get(ip) & 0x0f) * 4;
            int totalLength = buffer.getShort(ip + 2) & 0xffff;
            return headerLength >= IPV4_HEADER && totalLength >= headerLength && totalLength <= ipLength;
        }
        return protocol == PROTOCOL_IPV6 && version == 6
                && IPV6_HEADER + (buffer.getShort(ip + 4) & 0xffff) <= ipLength;
    }

    private MppeVerdict scored(MppeVerdict verdict) {
        switch (verdict) {
            case OK -> bogusScore >>= 1;
            case LATE -> bogusScore++;
            case BOGUS, NOT_ENCRYPTED -> bogusScore += BOGUS_COST;
            case NEEDS_RESET, DISCARDED -> {
            }
        }
        bogusScore = Math.min(bogusScore, BOGUS_LIMIT);
        return verdict;
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
