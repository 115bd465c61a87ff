package io.pptpoperator.dataplane.mppe;

import java.nio.ByteBuffer;

/**
 * Encrypts and decrypts many packets, of one session or of many, faster than one after the other: three RC4 streams run
 * side by side. One batch serves one thread. Packets are added in order, {@link #finish} completes them, and then each
 * has its {@link #verdict}.
 */
public final class MppeBatch {
    private static final int LANES = 3;
    /** Longer packets, which no tunnel over Ethernet has, are completed alone. */
    private static final int MAX_LENGTH = 2_048;

    /** A stateless packet whose stream has started but whose bytes wait for others to keep them company. */
    private static final class Lane {
        final Rc4 cipher = new Rc4();
        final byte[] stream = new byte[MAX_LENGTH];
        final ReceivePosition after = new ReceivePosition();
        /** Null for a packet being encrypted. */
        MppeDecryptor decryptor;
        ByteBuffer buffer;
        int offset;
        int length;
        int packet;

        void fill(ByteBuffer newBuffer, int newOffset, int newLength, int newPacket) {
            buffer = newBuffer;
            offset = newOffset;
            length = newLength;
            packet = newPacket;
        }
    }

    private final MppeWorkspace workspace = new MppeWorkspace();
    private final Lane[] lanes = {new Lane(), new Lane(), new Lane()};
    private final byte[] data = new byte[MAX_LENGTH];
    private final MppeVerdict[] verdicts;
    private int pending;
    private int size;

    /** Takes at most {@code capacity} packets before it is {@link #clear}ed. */
    public MppeBatch(int capacity) {
        verdicts = new MppeVerdict[capacity];
    }

    /** Scratch memory for packets of the same thread that cannot wait for a batch. */
    public MppeWorkspace workspace() {
        return workspace;
    }

    /** How many packets were added since the last {@link #clear}. */
    public int size() {
        return size;
    }

    /**
     * Adds a packet as {@link MppeEncryptor#encrypt} describes it; its buffer must not change before {@link #finish}.
     */
    public void encrypt(MppeEncryptor encryptor, ByteBuffer buffer, int offset, int length) {
        int packet = size++;
        verdicts[packet] = MppeVerdict.OK;
        if (!encryptor.isStateless() || length > MAX_LENGTH) {
            encryptor.encrypt(buffer, offset, length, workspace);
            return;
        }
        Lane lane = lanes[pending];
        encryptor.beginStateless(buffer, offset, lane.cipher, workspace);
        lane.decryptor = null;
        lane.fill(buffer, offset, length, packet);
        completeIfFull();
    }

    /**
     * Adds a packet as {@link MppeDecryptor#decrypt} describes it; its buffer must not change before {@link #finish}.
     */
    public void decrypt(MppeDecryptor decryptor, ByteBuffer buffer, int offset, int length, int sequence) {
        int packet = size++;
        ReceivePosition from = latestPosition(decryptor);
        if (!decryptor.isStateless() || length > MAX_LENGTH || from.isRoundAhead(sequence)) {
            completePending();
            verdicts[packet] = decryptor.decrypt(buffer, offset, length, sequence, workspace);
            return;
        }
        Lane lane = lanes[pending];
        MppeVerdict begun = decryptor.beginStateless(buffer, offset, length, sequence, from, lane.after,
                lane.cipher, workspace);
        if (begun == MppeVerdict.OK) {
            lane.decryptor = decryptor;
            lane.fill(buffer, offset, length, packet);
            completeIfFull();
        } else {
            verdicts[packet] = decryptor.scored(begun);
        }
    }

    /** A packet whose predecessor still waits builds on where that one will leave the keys if it proves genuine. */
    private ReceivePosition latestPosition(MppeDecryptor decryptor) {
        for (int k = pending - 1; k >= 0; k--) {
            if (lanes[k].decryptor == decryptor) {
                return lanes[k].after;
            }
        }
        return decryptor.position();
    }

    private void completeIfFull() {
        pending++;
        if (pending == LANES) {
            completePending();
        }
    }

    private void completePending() {
        int together = 0;
        if (pending == LANES) {
            together = Math.min(Math.min(lanes[0].length, lanes[1].length), lanes[2].length)
                    - MppeHeader.LENGTH;
            Rc4.firstBytes(lanes[0].cipher, lanes[0].stream, lanes[1].cipher, lanes[1].stream,
                    lanes[2].cipher,
                    lanes[2].stream, together);
        }
        for (int k = 0; k < pending; k++) {
            complete(lanes[k], together);
        }
        pending = 0;
    }

    private void complete(Lane lane, int streamed) {
        ByteBuffer buffer = lane.buffer;
        int start = lane.offset + MppeHeader.LENGTH;
        buffer.get(start, data, 0, streamed);
        byte[] stream = lane.stream;
        for (int k = 0; k < streamed; k++) {
            data[k] ^= stream[k];
        }
        buffer.put(start, data, 0, streamed);
        lane.cipher.crypt(buffer, start + streamed, lane.length - MppeHeader.LENGTH - streamed);
        if (lane.decryptor != null) {
            MppeVerdict concluded = lane.decryptor.concludeStateless(buffer, lane.offset, lane.length,
                    lane.after);
            verdicts[lane.packet] = lane.decryptor.scored(concluded);
        }
        lane.decryptor = null;
        lane.buffer = null;
    }

    /** Completes all packets added so far. */
    public void finish() {
        completePending();
    }

    /**
     * What became of a packet, after {@link #finish}; always OK for one that was encrypted.
     *
     * @param packet its place in the order of adding, from 0
     */
    public MppeVerdict verdict(int packet) {
        return verdicts[packet];
    }

    /** Forgets all packets: the next one added is number 0. Only after {@link #finish}. */
    public void clear() {
        size = 0;
    }
}
