package io.pptpoperator.dataplane.radius;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a server.
 *
 * @param name what the settings call it
 * @param reachable whether it answers; empty when that is not known
 * @param reason the same in one word
 * @param message the same as a sentence, in which the server is "it"
 * @param since when that began
 * @param millis what its last answer took, 0 when unknown
 */
public record ServerState(String name, Optional<Boolean> reachable, String reason, String message, Instant since,
        long millis) {}
