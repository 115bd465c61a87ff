package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.datapath.TunnelSnapshot;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.time.Instant;
import java.util.List;

/**
 * A connected session at rest: all that another process needs to go on in its place, but for its TCP connection. Only one
 * of both may send.
 *
 * @param id its name in the administration interface
 * @param peer the client's address
 * @param local the address that the client dialled
 * @param pac control connection and link
 * @param login who has logged in, and what that gave
 * @param startedAt when the call came, in milliseconds of the monotonic clock
 * @param since when the login was complete
 * @param wantedRoutes the user's networks when the login was complete
 * @param routes those of them that are routed to the client
 * @param tunnel numbers and keys
 */
public record SessionSnapshot(String id, Ipv4Address peer, Ipv4Address local, PacSession.Snapshot pac, Login login,
        long startedAt, Instant since, List<Ipv4Prefix> wantedRoutes, List<Ipv4Prefix> routes, TunnelSnapshot tunnel) {

    /**
     * Who has logged in, and what that gave.
     *
     * @param username the user's configured name
     * @param method how the password was proved
     * @param terms what the session may have
     * @param address the client's address inside the tunnel
     * @param authority the name of who let the user in
     */
    public record Login(String username, AuthMethod method, Terms terms, Ipv4Address address, String authority) {}
}
