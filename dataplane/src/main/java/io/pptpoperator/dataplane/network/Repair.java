package io.pptpoperator.dataplane.network;

import java.util.Optional;

/**
 * Something that is not as it should be.
 *
 * @param problem what, as a sentence without full stop
 * @param essential whether clients cannot be served without it
 * @param fix sets it right, or throws {@link io.pptpoperator.dataplane.linux.LinuxException}; empty when only an
 *     administrator can
 */
record Repair(String problem, boolean essential, Optional<Runnable> fix) {

    static Repair of(String problem, Runnable fix) {
        return new Repair(problem, true, Optional.of(fix));
    }

    static Repair optional(String problem, Runnable fix) {
        return new Repair(problem, false, Optional.of(fix));
    }

    static Repair impossible(String problem) {
        return new Repair(problem, true, Optional.empty());
    }
}
