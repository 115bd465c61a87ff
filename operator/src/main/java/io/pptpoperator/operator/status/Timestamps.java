package io.pptpoperator.operator.status;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Times in the objects of a cluster. */
public final class Timestamps {

    private Timestamps() {}

    /**
     * Reads one (RFC 3339).
     *
     * @param text as the object has it, or null
     * @return empty when there is none, or none that can be read
     */
    public static Optional<Instant> read(String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
