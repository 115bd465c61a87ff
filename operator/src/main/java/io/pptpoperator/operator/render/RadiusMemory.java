package io.pptpoperator.operator.render;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The texts that a server's RADIUS settings referred to when it was last looked at.
 *
 * @param values by the Secret's name and key
 */
public record RadiusMemory(Map<String, Known> values) {

    /** Nothing is remembered. */
    public static final RadiusMemory NONE = new RadiusMemory(Map.of());

    /**
     * A text.
     *
     * @param value what it was
     * @param missedSince when it was first not there any more; empty while it is there
     */
    record Known(String value, Optional<Instant> missedSince) {
        @Override
        public String toString() {
            return "Known[***]";
        }
    }

    /** Copies the map. */
    public RadiusMemory {
        values = Map.copyOf(values);
    }

    /** Whether something of it is not there any more, and goes on for a while. */
    public boolean misses() {
        return values.values().stream().anyMatch(it -> it.missedSince().isPresent());
    }
}
