package io.pptpoperator.operator.session;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A session as a data plane's {@code GET /sessions} tells it.
 *
 * @param id names the session in {@code DELETE /sessions/{id}}
 * @param username the user's name in {@code users.yaml}
 * @param address what the client got
 * @param peer what the client connected from
 * @param since when the login was complete
 * @param leftOut what the user does not get of its address and routes, and why, as sentences
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LiveSession(String id, @JsonProperty("user") String username, String address, String peer, Instant since,
        List<String> leftOut) {

    /** A data plane that is broken, or somebody's own, must not fill statuses. */
    private static final int MOST_SENTENCES = 16;
    private static final int LONGEST_SENTENCE = 256;

    /** Takes a copy of the list, which older data planes do not send, as far as there is room for it. */
    public LiveSession {
        leftOut = leftOut == null
                ? List.of()
                : leftOut.stream()
                        .filter(Objects::nonNull)
                        .limit(MOST_SENTENCES)
                        .map(text -> text.substring(0, Math.min(text.length(), LONGEST_SENTENCE)))
                        .toList();
    }

    /**
     * Refuses what no data plane of ours says: whoever chooses the image chooses what it says.
     *
     * @throws IllegalArgumentException names the field
     */
    void check() {
        Told.text("id", id, 64);
        Told.text("user", username, 255);
        Ipv4Address.parse(Told.text("address", address, 15));
        Told.text("peer", peer, 45);
        Told.given("since", since);
    }
}
