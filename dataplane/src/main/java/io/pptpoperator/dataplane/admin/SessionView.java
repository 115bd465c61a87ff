package io.pptpoperator.dataplane.admin;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.List;

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
 * @param leftOut what the user does not get of the configured address and routes, and why, as sentences
 */
public record SessionView(String id, String user, Ipv4Address peer, Ipv4Address address, String method,
        String encryption, Instant since, long bytesIn, long bytesOut, long packetsIn, long packetsOut,
        long idleSeconds, String computer, List<String> leftOut) {

    /** Takes a copy of the list. */
    public SessionView {
        leftOut = leftOut == null ? List.of() : List.copyOf(leftOut);
    }
}
