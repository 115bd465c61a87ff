package io.pptpoperator.dataplane.datapath;

/**
 * What one worker counts.
 *
 * @param traffic of all its tunnels, past ones included
 * @param drops by cause
 */
record WorkerCounters(TrafficCounters traffic, DropCounters drops) {

    /** Nothing counted yet. */
    WorkerCounters() {
        this(new TrafficCounters(), new DropCounters());
    }

    void drop(DropCause cause) {
        drops.count(cause);
    }
}
