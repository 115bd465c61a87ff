package io.pptpoperator.dataplane.client.probe;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What came of one phase.
 *
 * @param millis how long it took, where that means something
 * @param found what was seen, without a full stop; may be empty
 * @param advice with a failure or a warning
 */
public record PhaseResult(Phase phase, Status status, OptionalLong millis, String found, Optional<Advice> advice) {

    /** The verdict on a phase. */
    public enum Status {
        /** It works. */
        OK,
        /** It works, but somebody should look at it. */
        WARNING,
        /** It does not work: no client gets farther. */
        FAILED,
        /** It cannot be told. */
        UNKNOWN,
        /** It was not asked for. */
        SKIPPED,
        /** An earlier phase failed. */
        NOT_REACHED,
        /** It is still being tried. */
        PENDING;

        /** Its name in reports. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
