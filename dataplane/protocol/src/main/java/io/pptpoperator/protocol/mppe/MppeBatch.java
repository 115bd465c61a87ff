package io.pptpoperator.protocol.mppe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Encrypts and decrypts many packets, of one session or of many, faster than one after the other: three RC4 streams run
 * side by side. One batch serves one thread. Packets are added in order, {@link #finish} completes them, and then each
 * has its {@link #verdict}.
 */
public final class MppeBatch {
    private static final int LANES = 3;
    /** Longer packets, which no tunnel over Ethernet has, are completed alone. */
    private static final int MAX_LENGTH = 2_048;
    /**
     * How many packets to encrypt begin together. With ten thousand sessions the keys of each packet are far from the
     * processor: it waits for those of a whole group hardly longer than for one packet's when it may ask for all of
     * them at once. In larger groups the first packets' bytes would be far away again by the time they are encrypted.
     */
    private static final int GROUP = 4 * LANES;
    /** Eight bytes at a time, in an order that is the same in both. */
    private static final VarHandle BUFFER_LONGS = MethodHandles.byteBufferViewVarHandle(long[].class,
            ByteOrder.nativeOrder());
    private static final VarHandle ARRAY_LONGS = MethodHandles.byteArrayViewVarHandle(long[].class,
            ByteOrder.nativeOrder());

    /** A packet to encrypt that was added and has not begun. */
    private static final class Added {
        MppeEncryptor encryptor;
        ByteBuffer buffer;
        int offset;
        int length;
        int packet;
    }

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
    private final Added[] group = new Added[GROUP];
    private int added;
    private final MppeVerdict[] verdicts;
    private int pending;
    private int size;
    /** Written so that no compiler leaves out the reads. */
    int fetched;

    /** Takes at most {@code capacity} packets before it is {@link #clear}ed. */
    public MppeBatch(int capacity) {
        verdicts = new MppeVerdict[capacity];
        Arrays.setAll(group, k -> new Added());
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
        Added next = group[added++];
        next.encryptor = encryptor;
        next.buffer = buffer;
        next.offset = offset;
        next.length = length;
        next.packet = size++;
        if (added == GROUP) {
            beginGroup();
        }
    }

    private void beginGroup() {
        int sum = 0;
        for (int k = 0; k < added; k++) {
            sum += group[k].encryptor.fetchKeys();
        }
        fetched = sum;
        for (int k = 0; k < added; k++) {
            Added next = group[k];
            begin(next.encryptor, next.buffer, next.offset, next.length, next.packet);
            next.encryptor = null;
            next.buffer = null;
        }
        added = 0;
    }

    private void begin(MppeEncryptor encryptor, ByteBuffer buffer, int offset, int length, int packet) {
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
     * It begins at once, so that {@link MppeDecryptor#takeSkippedKeys} tells at once what it cost.
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
        MppeVerdict begun = decryptor.beginStateless(buffer, offset, length, sequence, from, lane.after, lane.cipher,
                workspace);
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
            together = Math.min(Math.min(lanes[0].length, lanes[1].length), lanes[2].length) - MppeHeader.LENGTH;
            Rc4.firstBytes(lanes[0].cipher, lanes[0].stream, lanes[1].cipher, lanes[1].stream, lanes[2].cipher,
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
        combine(buffer, start, lane.stream, streamed);
        lane.cipher.crypt(buffer, start + streamed, lane.length - MppeHeader.LENGTH - streamed);
        if (lane.decryptor != null) {
            MppeVerdict concluded = lane.decryptor.concludeStateless(buffer, lane.offset, lane.length, lane.after);
            verdicts[lane.packet] = lane.decryptor.scored(concluded);
        }
        lane.decryptor = null;
        lane.buffer = null;
    }

    /** Combines bytes with a key stream where they are, which costs a third of taking them to an array and back. */
    private static void combine(ByteBuffer buffer, int start, byte[] stream, int length) {
        int k = 0;
        for (; k <= length - Long.BYTES; k += Long.BYTES) {
            long eight = (long) BUFFER_LONGS.get(buffer, start + k) ^ (long) ARRAY_LONGS.get(stream, k);
            BUFFER_LONGS.set(buffer, start + k, eight);
        }
        for (; k < length; k++) {
            buffer.put(start + k, (byte) (buffer.get(start + k) ^ stream[k]));
        }
    }

    /** Completes all packets added so far. */
    public void finish() {
        beginGroup();
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
