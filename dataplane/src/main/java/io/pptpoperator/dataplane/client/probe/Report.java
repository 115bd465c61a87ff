package io.pptpoperator.dataplane.client.probe;

import java.util.List;
import java.util.Optional;

/**
 * The verdict on all phases, in order.
 *
 * @param results one for each {@link Phase}
 */
public record Report(List<PhaseResult> results) {

    /** Copies the list. */
    public Report {
        results = List.copyOf(results);
    }

    /** What came of a phase. */
    public PhaseResult of(Phase phase) {
        return results.get(phase.ordinal());
    }

    /** The phase that failed, if one did. */
    public Optional<PhaseResult> failure() {
        return results.stream().filter(result -> result.status() == PhaseResult.Status.FAILED).findFirst();
    }

    /** 0 when nothing failed, or else the failed phase's. */
    public int exitStatus() {
        return failure().map(result -> result.phase().exitStatus()).orElse(0);
    }
}
