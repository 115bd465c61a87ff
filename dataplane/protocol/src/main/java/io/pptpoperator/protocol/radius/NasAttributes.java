package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;

/**
 * What an access server says of itself and of a call in each of its requests.
 *
 * @param identifier its name (NAS-Identifier)
 * @param address its own, which the RADIUS server knows it by
 * @param port the session's number at this access server
 * @param client the client's outer address
 * @param server the address that the client dialled
 */
public record NasAttributes(String identifier, Ipv4Address address, int port, Ipv4Address client, Ipv4Address server) {

    /** NAS-Port-Type: no port that one could touch. */
    private static final int VIRTUAL = 5;
    /** Service-Type. */
    private static final int FRAMED = 2;
    /** Framed-Protocol. */
    private static final int PPP = 1;
    /** Tunnel-Type (RFC 2868 section 3.1). */
    private static final int PPTP = 1;
    /** Tunnel-Medium-Type (RFC 2868 section 3.2). */
    private static final int IPV4 = 1;

    /**
     * What it says of itself where no call is meant.
     *
     * @param identifier its name (NAS-Identifier)
     * @param address its own, which the RADIUS server knows it by
     */
    public static List<RadiusAttribute> ofServer(String identifier, Ipv4Address address) {
        return List.of(RadiusAttribute.of(AttributeType.NAS_IDENTIFIER, identifier),
                RadiusAttribute.of(AttributeType.NAS_IP_ADDRESS, address));
    }

    /** The attributes. */
    public List<RadiusAttribute> attributes() {
        return List.of(RadiusAttribute.of(AttributeType.NAS_IDENTIFIER, identifier),
                RadiusAttribute.of(AttributeType.NAS_IP_ADDRESS, address),
                RadiusAttribute.of(AttributeType.NAS_PORT, port),
                RadiusAttribute.of(AttributeType.NAS_PORT_ID, "pptp" + port),
                RadiusAttribute.of(AttributeType.NAS_PORT_TYPE, VIRTUAL),
                RadiusAttribute.of(AttributeType.SERVICE_TYPE, FRAMED),
                RadiusAttribute.of(AttributeType.FRAMED_PROTOCOL, PPP),
                RadiusAttribute.of(AttributeType.CALLING_STATION_ID, client.toString()),
                RadiusAttribute.of(AttributeType.CALLED_STATION_ID, server.toString()),
                RadiusAttribute.of(AttributeType.TUNNEL_TYPE, PPTP),
                RadiusAttribute.of(AttributeType.TUNNEL_MEDIUM_TYPE, IPV4),
                RadiusAttribute.of(AttributeType.TUNNEL_CLIENT_ENDPOINT, client.toString()),
                RadiusAttribute.of(AttributeType.TUNNEL_SERVER_ENDPOINT, server.toString()));
    }
}
