package io.pptpoperator.dataplane.adminapi;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One session as the administration port shows it.
 *
 * @param id names the session in {@code DELETE /sessions/{id}}; unique while the server runs
 * @param user the configured user name
 * @param peer where the client connects from
 * @param address the address it was given
 * @param method the authentication method, such as {@code mschapv2}
 * @param encryption what protects it, such as {@code MPPE-128 stateless}, or {@code none}
 * @param since when the login was complete
 * @param bytesIn inner bytes from the client
 * @param bytesOut inner bytes to the client
 * @param packetsIn inner packets from the client
 * @param packetsOut inner packets to the client
 * @param idleSeconds time since the last inner packet in either direction
 * @param computer what the client said about itself in LCP Identification (RFC 1570 section 2.1), or ""
 * @param maxSessions how many sessions the user may have at once, where the login says otherwise than the server's settings;
 *     0 for any number, null for as the settings say
 * @param rateLimit bits per second from and to the client, such as {@code 2M/10M}; null where there is no limit
 * @param leftOut what the user does not get of the configured address and routes, and why, as sentences
 */
public record SessionView(String id, String user, Ipv4Address peer, Ipv4Address address, String method,
        String encryption, Instant since, long bytesIn, long bytesOut, long packetsIn, long packetsOut,
        long idleSeconds, String computer, Integer maxSessions, String rateLimit, List<String> leftOut) {

    /** A data plane that is broken, or somebody's own, must not fill its reader's memory. */
    private static final int MOST_SENTENCES = 16;
    private static final int LONGEST_SENTENCE = 256;

    /** Takes a copy of the list, which older data planes do not send, as far as there is room for it. */
    public SessionView {
        leftOut = leftOut == null
                ? List.of()
                : leftOut.stream()
                        .filter(Objects::nonNull)
                        .limit(MOST_SENTENCES)
                        .map(text -> text.substring(0, Math.min(text.length(), LONGEST_SENTENCE)))
                        .toList();
    }

    /**
     * Refuses what no data plane of ours says.
     *
     * @throws IllegalArgumentException names the field
     */
    void check() {
        Told.text("id", id, 64);
        Told.text("user", user, 255);
        Told.given("address", address);
        Told.given("peer", peer);
        Told.given("since", since);
    }

    /** The session without what changes with every packet: equal for as long as nothing else happens to it. */
    public SessionView withoutTraffic() {
        return new SessionView(id, user, peer, address, null, null, since, 0, 0, 0, 0, 0, null, maxSessions, null,
                leftOut);
    }
}
