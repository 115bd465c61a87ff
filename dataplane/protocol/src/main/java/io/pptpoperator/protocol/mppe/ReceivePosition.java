package io.pptpoperator.protocol.mppe;

/** How far one direction's decryption has come: which packet is next, and with what key. */
final class ReceivePosition {
    /** Beyond half of the count's range a packet is late rather than far ahead, unless GRE says otherwise. */
    private static final int MAX_UNPROVEN_GAP = 2_048;

    /** Skipping a round costs 4,096 key changes, some two milliseconds. */
    private static final int MAX_ROUNDS = 15;

    /** Stateless: the next packet's key. Stateful: the current one. Shorter keys use the first eight bytes. */
    final byte[] key = new byte[16];
    /** The next packet's coherency count. */
    private int expected;
    private boolean started;
    private int lastSequence;

    ReceivePosition() {}

    /** Where another one was. */
    ReceivePosition(MppeDecryptor.Snapshot before) {
        System.arraycopy(before.key(), 0, key, 0, key.length);
        expected = before.expected();
        started = before.started();
        lastSequence = before.lastSequence();
    }

    int expected() {
        return expected;
    }

    boolean started() {
        return started;
    }

    int lastSequence() {
        return lastSequence;
    }

    void copyFrom(ReceivePosition other) {
        System.arraycopy(other.key, 0, key, 0, key.length);
        expected = other.expected;
        started = other.started;
        lastSequence = other.lastSequence;
    }

    /**
     * How many packets are missing before this one, if less than a round of the count: 0 to 4,095; or -1 when it comes
     * too late.
     */
    int lostBefore(int count, int sequence) {
        int lost = count - expected & MppeHeader.COUNT_MASK;
        int advance = sequence - lastSequence;
        if (started && advance <= 0) {
            return -1;
        }
        boolean proven = started && advance > lost;
        return proven || lost < MAX_UNPROVEN_GAP ? lost : -1;
    }

    /** Whether the GRE sequence numbers leave room for a loss of a whole round of the count. */
    boolean isRoundAhead(int sequence) {
        return started && sequence - lastSequence > MppeHeader.COUNTS;
    }

    /** How many rounds of the count may have been lost besides {@code lost} packets, within reason. */
    int roundsBefore(int lost, int sequence) {
        return isRoundAhead(sequence)
                ? Math.min((sequence - lastSequence - 1 - lost) / MppeHeader.COUNTS, MAX_ROUNDS)
                : 0;
    }

    /**
     * How many flag packets there are from the expected one to the one after {@code lost} others, that one included.
     */
    int flagPackets(int lost) {
        int flagInterval = MppeHeader.FLAG_PACKET + 1;
        return (expected + lost + 1) / flagInterval - expected / flagInterval;
    }

    /** Moves on behind a packet. */
    void moveBehind(int count, int sequence) {
        expected = count + 1 & MppeHeader.COUNT_MASK;
        lastSequence = sequence;
        started = true;
    }
}
