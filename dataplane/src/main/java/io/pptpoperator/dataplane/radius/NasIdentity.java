package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.NasAttributes;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import java.util.List;

/**
 * How this PAC calls itself and its sessions at RADIUS servers.
 *
 * @param identifier its name (NAS-Identifier)
 * @param address its own address (NAS-IP-Address)
 * @param start tells this process's sessions from those of its predecessors and of other pods
 */
public record NasIdentity(String identifier, Ipv4Address address, String start) {

    /** The session's name in accounting: no other session of any access server has it. */
    public String sessionId(String session) {
        return start + "-" + session;
    }

    /** What each request about a session says of it. */
    List<RadiusAttribute> attributes(String session, Ipv4Address peer, Ipv4Address local) {
        return new NasAttributes(identifier, address, port(session), peer, local).attributes();
    }

    /** A number for servers that keep sessions by port: the session's own, as far as it goes. */
    static int port(String session) {
        return (int) (Long.parseLong(session) & 0xffff);
    }
}
