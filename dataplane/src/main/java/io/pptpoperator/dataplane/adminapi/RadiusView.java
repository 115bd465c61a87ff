package io.pptpoperator.dataplane.adminapi;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a data plane knows of its RADIUS servers.
 *
 * @param servers in the order of the settings; none when RADIUS is not used
 * @param accountingWaiting records that no server has taken yet
 * @param accountingLost records given up since the start
 */
public record RadiusView(List<Server> servers, long accountingWaiting, long accountingLost) {

    private static final int MOST_SERVERS = 16;

    /**
     * One server.
     *
     * @param name the host and port that the settings name
     * @param reachable whether it answers; null when that is not known
     * @param reason one word: Answering, Unknown, NoAnswer, MessageAuthenticatorMissing, NotBelieved, ConnectionFailed,
     *     NameNotFound or TooManyRequests
     * @param message the same as a sentence without its subject's name: "it answers"
     * @param since when that began
     * @param millis what its last answer took, 0 when unknown
     */
    public record Server(String name, Boolean reachable, String reason, String message, Instant since, long millis) {

        /** @throws IllegalArgumentException names the field that no data plane of ours says so */
        void check() {
            Told.text("name", name, 300);
            Told.text("reason", reason, 64);
            Told.text("message", message, 512);
            Told.given("since", since);
        }
    }

    /** Takes a copy, as far as there is room for it. */
    public RadiusView {
        servers = servers == null ? List.of() : servers.stream().filter(Objects::nonNull).limit(MOST_SERVERS).toList();
    }

    /** @throws IllegalArgumentException names the field that no data plane of ours says so */
    void check() {
        servers.forEach(Server::check);
    }
}
