package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.MonotonicClock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The IP traffic of one tunnel, or of all tunnels of a worker, in packets and bytes, as the client's user would count
 * it: inner packets, without PPP and GRE. The worker counts, anybody reads; a reader may see a value that is a few
 * packets old.
 */
public final class TrafficCounters {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PACKETS_IN = 0;
    private static final int BYTES_IN = 1;
    private static final int PACKETS_OUT = 2;
    private static final int BYTES_OUT = 3;
    private static final int LAST_DATA = 4;
    private static final int LAST_HEARD = 5;

    private static final int REORDERED = 6;
    private static final int LAST_DECRYPTED = 7;

    /** All of them; times are milliseconds of {@link MonotonicClock}. */
    public record Snapshot(long packetsIn, long bytesIn, long packetsOut, long bytesOut, long lastData, long lastHeard,
            long reordered, long lastDecrypted) {}

    private final long[] values = new long[8];

    /** What they are now. */
    public Snapshot snapshot() {
        return new Snapshot(packetsIn(), bytesIn(), packetsOut(), bytesOut(), lastData(), lastHeard(), reordered(),
                lastDecrypted());
    }

    /** Goes on where others were; before anything is counted. */
    void goOn(Snapshot before) {
        set(PACKETS_IN, before.packetsIn());
        set(BYTES_IN, before.bytesIn());
        set(PACKETS_OUT, before.packetsOut());
        set(BYTES_OUT, before.bytesOut());
        set(LAST_DATA, before.lastData());
        set(LAST_HEARD, before.lastHeard());
        set(REORDERED, before.reordered());
        set(LAST_DECRYPTED, before.lastDecrypted());
    }

    private void set(int index, long value) {
        ELEMENT.setOpaque(values, index, value);
    }

    private long get(int index) {
        return (long) ELEMENT.getOpaque(values, index);
    }

    void countReordered() {
        set(REORDERED, values[REORDERED] + 1);
    }

    /** Counts a packet from the client; for its owner only. */
    public void countIn(int bytes, long now) {
        set(PACKETS_IN, values[PACKETS_IN] + 1);
        set(BYTES_IN, values[BYTES_IN] + bytes);
        set(LAST_DATA, now);
    }

    /** Counts a packet to the client; for its owner only. */
    public void countOut(int bytes, long now) {
        set(PACKETS_OUT, values[PACKETS_OUT] + 1);
        set(BYTES_OUT, values[BYTES_OUT] + bytes);
        set(LAST_DATA, now);
    }

    /** Notes a sign of life of the client; for its owner only. */
    public void heard(long now) {
        set(LAST_HEARD, now);
    }

    /** Notes that an encrypted packet of the client was decrypted; for its owner only. */
    public void decrypted(long now) {
        set(LAST_DECRYPTED, now);
    }

    /** Packets from the client that came early and were put in order. */
    public long reordered() {
        return get(REORDERED);
    }

    /** IP packets from the client. */
    public long packetsIn() {
        return get(PACKETS_IN);
    }

    /** Bytes of IP from the client. */
    public long bytesIn() {
        return get(BYTES_IN);
    }

    /** IP packets to the client. */
    public long packetsOut() {
        return get(PACKETS_OUT);
    }

    /** Bytes of IP to the client. */
    public long bytesOut() {
        return get(BYTES_OUT);
    }

    /** Milliseconds of {@link MonotonicClock} at which an IP packet passed last, either way; 0 when none has. */
    public long lastData() {
        return get(LAST_DATA);
    }

    /** Milliseconds of {@link MonotonicClock} at which an encrypted packet was decrypted last; 0 when none was. */
    public long lastDecrypted() {
        return get(LAST_DECRYPTED);
    }

    /** Milliseconds of {@link MonotonicClock} at which anything came from the client last; 0 when nothing has. */
    public long lastHeard() {
        return get(LAST_HEARD);
    }
}
