package io.pptpoperator.operator.session;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A session as a data plane's {@code GET /sessions} tells it.
 *
 * @param id names the session in {@code DELETE /sessions/{id}}
 * @param username the user's name in {@code users.yaml}
 * @param address what the client got
 * @param peer what the client connected from
 * @param since when the login was complete
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LiveSession(String id, @JsonProperty("user") String username, String address, String peer,
        Instant since) {}
