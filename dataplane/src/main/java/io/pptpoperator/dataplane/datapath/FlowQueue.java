package io.pptpoperator.dataplane.datapath;

/** One session's queue in a {@link FairQueue}, which alone changes it. */
final class FlowQueue {
    /** The oldest and the newest of its slots, when {@link #length} is not 0. */
    int first;
    int last;
    int length;
    /** Bytes that it may still take in this round; negative for what it has had in advance. */
    int credit;
}
