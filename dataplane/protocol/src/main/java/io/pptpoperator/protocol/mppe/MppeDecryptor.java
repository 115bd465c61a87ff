package io.pptpoperator.protocol.mppe;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decrypts one direction of one session (RFC 3078). Allocates nothing per packet; belongs to one thread at a time.
 * Where several packets are at hand, {@link MppeBatch} decrypts them faster.
 *
 * <p>MPPE authenticates nothing, so anybody who can forge a GRE packet could move the keys on and kill the session.
 * Therefore keys follow only those packets that decrypt to what begins like an IP packet.
 */
public final class MppeDecryptor {
    /**
     * All that another one needs to go on in this one's place.
     *
     * @param parameters what CCP agreed on
     * @param startKey the login's
     * @param key 16 bytes: the next packet's, or the current one in stateful mode
     * @param expected the next packet's coherency count
     * @param started whether any packet was decrypted
     * @param lastSequence the GRE number of the last one
     * @param stream the place in the stream that runs on from packet to packet; empty in stateless mode
     * @param discarding whether a flushed packet is awaited
     * @param bogusScore how much was bogus lately
     * @param searchPause how many good packets have to come before another search
     */
    public record Snapshot(MppeParameters parameters, byte[] startKey, byte[] key, int expected, boolean started,
            int lastSequence, Optional<byte[]> stream, boolean discarding, int bogusScore, int searchPause) {}

    /** A search costs tens of milliseconds if it fails, so that nobody shall make it happen often. */
    private static final int PACKETS_BETWEEN_SEARCHES = 1_000;
    /** How many flushed packets of a Linux peer may be lost one after the other. */
    private static final int MAX_LOST_FLUSHES = 4;
    private static final int PROTOCOL_IPV4 = 0x21;
    private static final int PROTOCOL_IPV6 = 0x57;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int BOGUS_COST = 100;
    private static final int BOGUS_LIMIT = 1_600;

    private final SessionKeys keys;
    private final ReceivePosition position;
    /** The stream that runs on from packet to packet; null when stateless. */
    private final Rc4 stream;
    private boolean discarding;
    private int bogusScore;
    /** How many good packets have to come before another search. */
    private int searchPause;
    private int skippedKeys;

    /**
     * Expects coherency count 0.
     *
     * @param startKey as long as the strength of {@code parameters} says
     */
    public MppeDecryptor(MppeParameters parameters, byte[] startKey) {
        keys = new SessionKeys(parameters, startKey);
        position = new ReceivePosition();
        byte[] key = keys.firstPacketKey(MppeWorkspace.ofThread());
        System.arraycopy(key, 0, position.key, 0, key.length);
        stream = keys.stream(key);
    }

    /** Goes on in the place of another one. */
    public MppeDecryptor(Snapshot before) {
        keys = new SessionKeys(before.parameters(), before.startKey());
        position = new ReceivePosition(before);
        stream = before.stream().map(Rc4::at).orElse(null);
        discarding = before.discarding();
        bogusScore = before.bogusScore();
        searchPause = before.searchPause();
    }

    /** What it is now. */
    public Snapshot snapshot() {
        return new Snapshot(keys.parameters(), keys.startKey(), position.key.clone(), position.expected(),
                position.started(), position.lastSequence(), Optional.ofNullable(stream).map(Rc4::place), discarding,
                bogusScore, searchPause);
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
    public MppeVerdict decrypt(ByteBuffer buffer, int offset, int length, int sequence, MppeWorkspace workspace) {
        return scored(isStateless()
                ? decryptStateless(buffer, offset, length, sequence, workspace)
                : decryptStateful(buffer, offset, length, sequence, workspace));
    }

    private MppeVerdict decryptStateless(ByteBuffer buffer, int offset, int length, int sequence,
            MppeWorkspace workspace) {
        MppeVerdict verdict = beginStateless(buffer, offset, length, sequence, position, workspace.candidate,
                workspace.packet, workspace);
        if (verdict != MppeVerdict.OK) {
            return verdict;
        }
        workspace.packet.crypt(buffer, offset + MppeHeader.LENGTH, length - MppeHeader.LENGTH);
        verdict = concludeStateless(buffer, offset, length, workspace.candidate);
        return verdict != MppeVerdict.OK && position.isRoundAhead(sequence) && searchPause == 0
                ? searchRounds(buffer, offset, length, sequence, workspace)
                : verdict;
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
        MppeVerdict verdict = checkHeader(buffer, offset, length);
        if (verdict != MppeVerdict.OK) {
            return verdict;
        }
        int count = count(buffer, offset);
        int lost = from.lostBefore(count, sequence);
        if (lost < 0) {
            return MppeVerdict.LATE;
        }
        after.copyFrom(from);
        advance(after.key, lost, workspace);
        keys.initAndAdvance(packet, after.key, workspace);
        after.moveBehind(count, sequence);
        return MppeVerdict.OK;
    }

    /** The second half: looks at the decrypted packet, and goes on to {@code after} if it is genuine. */
    MppeVerdict concludeStateless(ByteBuffer buffer, int offset, int length, ReceivePosition after) {
        if (!isIpPacket(buffer, offset + MppeHeader.LENGTH, length - MppeHeader.LENGTH)) {
            return MppeVerdict.BOGUS;
        }
        position.copyFrom(after);
        return MppeVerdict.OK;
    }

    /**
     * Looks for the key of a packet that may follow a loss of 4,096 packets or more. GRE numbers control packets too,
     * so its sequence number only says how often the count may have gone round; after an idle night it did not at all.
     */
    private MppeVerdict searchRounds(ByteBuffer buffer, int offset, int length, int sequence, MppeWorkspace workspace) {
        int data = offset + MppeHeader.LENGTH;
        int count = count(buffer, offset);
        int lost = position.lostBefore(count, sequence);
        ReceivePosition candidate = workspace.candidate;
        candidate.copyFrom(position);
        advance(candidate.key, lost, workspace);
        // The stream that did not fit, once more, puts the encrypted bytes back.
        workspace.packet.init(candidate.key, keys.length());
        workspace.packet.crypt(buffer, data, length - MppeHeader.LENGTH);
        for (int round = position.roundsBefore(lost, sequence); round > 0; round--) {
            advance(candidate.key, MppeHeader.COUNTS, workspace);
            if (opens(candidate.key, buffer, data, length - MppeHeader.LENGTH, workspace)) {
                keys.advance(candidate.key, workspace);
                candidate.moveBehind(count, sequence);
                position.copyFrom(candidate);
                return MppeVerdict.OK;
            }
        }
        searchPause = PACKETS_BETWEEN_SEARCHES;
        return MppeVerdict.BOGUS;
    }

    private MppeVerdict decryptStateful(ByteBuffer buffer, int offset, int length, int sequence,
            MppeWorkspace workspace) {
        MppeVerdict verdict = checkHeader(buffer, offset, length);
        if (verdict != MppeVerdict.OK) {
            return verdict;
        }
        int count = count(buffer, offset);
        int lost = position.lostBefore(count, sequence);
        if (lost < 0) {
            return MppeVerdict.LATE;
        }
        int data = offset + MppeHeader.LENGTH;
        int dataLength = length - MppeHeader.LENGTH;
        if ((buffer.getShort(offset) & MppeHeader.FLUSHED) != 0) {
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
    private MppeVerdict resynchronize(ByteBuffer buffer, int data, int dataLength, int count, int lost, int sequence,
            MppeWorkspace workspace) {
        ReceivePosition candidate = workspace.candidate;
        candidate.copyFrom(position);
        advance(candidate.key, position.flagPackets(lost), workspace);
        int flagPacketsInRound = MppeHeader.COUNTS / (MppeHeader.FLAG_PACKET + 1);
        for (int round = position.roundsBefore(lost, sequence); round >= 0; round--) {
            for (int extra = 0; extra < flagPacketsInRound; extra++) {
                if (extra <= MAX_LOST_FLUSHES && opens(candidate.key, buffer, data, dataLength, workspace)) {
                    stream.copyFrom(workspace.packet);
                    candidate.moveBehind(count, sequence);
                    position.copyFrom(candidate);
                    discarding = false;
                    return MppeVerdict.OK;
                }
                advance(candidate.key, 1, workspace);
            }
        }
        return MppeVerdict.BOGUS;
    }

    private static int count(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset) & MppeHeader.COUNT_MASK;
    }

    private MppeVerdict checkHeader(ByteBuffer buffer, int offset, int length) {
        if (length <= MppeHeader.LENGTH) {
            return MppeVerdict.BOGUS;
        }
        int header = buffer.getShort(offset);
        if ((header & MppeHeader.ENCRYPTED) == 0) {
            return MppeVerdict.NOT_ENCRYPTED;
        }
        boolean mustBeFlushed = isStateless() || MppeHeader.isFlagPacket(header);
        return mustBeFlushed && (header & MppeHeader.FLUSHED) == 0 ? MppeVerdict.BOGUS : MppeVerdict.OK;
    }

    private void advance(byte[] key, int times, MppeWorkspace workspace) {
        skippedKeys += times;
        for (int k = 0; k < times; k++) {
            keys.advance(key, workspace);
        }
    }

    /**
     * How many keys were computed, since last asked, for packets that never came: each takes about half a microsecond,
     * and a forged count asks for thousands.
     */
    public int takeSkippedKeys() {
        int skipped = skippedKeys;
        skippedKeys = 0;
        return skipped;
    }

    /** Decrypts with a key that may be the right one; leaves the data as it was if it is not. */
    private boolean opens(byte[] key, ByteBuffer buffer, int data, int dataLength, MppeWorkspace workspace) {
        workspace.packet.init(key, keys.length());
        workspace.packet.crypt(buffer, data, dataLength);
        if (isIpPacket(buffer, data, dataLength)) {
            return true;
        }
        workspace.packet.init(key, keys.length());
        workspace.packet.crypt(buffer, data, dataLength);
        return false;
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

    /** Keeps score of a verdict and returns it. */
    MppeVerdict scored(MppeVerdict verdict) {
        switch (verdict) {
            case OK -> {
                bogusScore >>= 1;
                searchPause = Math.max(searchPause - 1, 0);
            }
            case LATE -> bogusScore++;
            case BOGUS, NOT_ENCRYPTED -> bogusScore += BOGUS_COST;
            case NEEDS_RESET, DISCARDED -> {
            }
        }
        bogusScore = Math.min(bogusScore, BOGUS_LIMIT);
        return verdict;
    }

    /**
     * Whether so many packets were bogus, with hardly a good one between them, that the link should end: the keys of
     * the two ends differ. The measure is that of Linux.
     */
    public boolean isHopeless() {
        return bogusScore >= BOGUS_LIMIT;
    }
}
