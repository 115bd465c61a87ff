package io.pptpoperator.protocol.ppp;

import java.util.Optional;

/**
 * A packet that would take an open protocol down, held back until it is clear whether the peer sent it. Who is not on
 * the way can forge any packet, having guessed a Call ID and a sequence number, but neither reads what the peer is
 * asked meanwhile nor keeps it from answering; a peer that has really left does not answer any more. RFC 5961 does the
 * same for TCP.
 *
 * @param <T> what is held back
 */
public final class Doubt<T> {
    /** Milliseconds that a peer near by has to answer in: a real hang-up waits as long. */
    private static final long LEAST_PATIENCE = 1_000;
    private static final long MOST_PATIENCE = 8_000;
    /** So that a lossy way does not decide: one every quarter of the time. */
    private static final int PROBES = 3;

    private T suspect;
    private long since;
    private long end = Long.MAX_VALUE;
    private long interval;
    private int probesLeft;
    private long nextProbe = Long.MAX_VALUE;

    /** Whether something is held back. */
    public boolean isPending() {
        return suspect != null;
    }

    /**
     * Holds {@code packet} back; while another one is, it takes its place and time goes on.
     *
     * @param roundTrip how long the way to the peer and back takes, in milliseconds; 0 when nobody knows
     */
    public void raise(T packet, long roundTrip, long now) {
        if (suspect == null) {
            long patience = Math.clamp(2 * roundTrip, LEAST_PATIENCE, MOST_PATIENCE);
            since = now;
            end = now + patience;
            interval = patience / (PROBES + 1);
            probesLeft = PROBES;
            nextProbe = now;
        }
        suspect = packet;
    }

    /** What is held back. */
    public Optional<T> suspect() {
        return Optional.ofNullable(suspect);
    }

    /** Whether the peer is to be asked now, which this counts. */
    public boolean mustProbe(long now) {
        if (now < nextProbe) {
            return false;
        }
        probesLeft--;
        nextProbe = probesLeft == 0 ? Long.MAX_VALUE : now + interval;
        return true;
    }

    /** The protocol is open at the peer's: what is held back came from somebody else. */
    public void dismiss() {
        suspect = null;
        end = Long.MAX_VALUE;
        nextProbe = Long.MAX_VALUE;
    }

    /** The peer has sent at {@code when} what it sends with the protocol open only. */
    public void dismissIfSince(long when) {
        if (suspect != null && when > since) {
            dismiss();
        }
    }

    /** What was held back, once time is up: it is the peer's. */
    public Optional<T> believed(long now) {
        if (now < end) {
            return Optional.empty();
        }
        T packet = suspect;
        dismiss();
        return Optional.of(packet);
    }

    /** When {@link #mustProbe} or {@link #believed} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return Math.min(end, nextProbe);
    }
}
