package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.NasAttributes;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import java.util.List;

/**
 * How this PAC calls itself and its sessions at RADIUS servers. A session's name is the same as in the administration
 * interface: no other session of any pod has it.
 *
 * @param identifier its name (NAS-Identifier)
 * @param address its own address on the way to the servers (NAS-IP-Address)
 */
record NasIdentity(String identifier, Ipv4Address address) {

    /** What each request about a session says of it. */
    List<RadiusAttribute> attributes(String session, Ipv4Address peer, Ipv4Address local) {
        return new NasAttributes(identifier, address, port(session), peer, local).attributes();
    }

    /** A number for servers that keep sessions by port: how many sessions there were when this one came. */
    static int port(String session) {
        String number = session.substring(session.lastIndexOf('-') + 1);
        try {
            return (int) (Long.parseLong(number) & Integer.MAX_VALUE);
        } catch (NumberFormatException e) {
            return session.hashCode() & Integer.MAX_VALUE;
        }
    }
}
