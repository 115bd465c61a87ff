package io.pptpoperator.dataplane.datapath;

/** A session's place in a {@link FairQueue}, which alone changes it. */
final class Turn {
    private final WorkerTunnel tunnel;
    /** The oldest and the newest of its slots, when {@link #length} is not 0. */
    int first;
    int last;
    int length;
    /** Bytes that it may still take in this round; negative for what it has had in advance. */
    int credit;

    Turn(WorkerTunnel tunnel) {
        this.tunnel = tunnel;
    }

    WorkerTunnel tunnel() {
        return tunnel;
    }
}
