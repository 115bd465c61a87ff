package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;

/**
 * The way of one packet that this host sends, as the kernel has decided it.
 *
 * @param linkIndex number of the interface it leaves through
 * @param gateway the next router, empty when the destination is on the link
 * @param source the packet's source address
 * @param plain whether it is forwarded as it is, by IPv4 alone: to another host, without encapsulation, without a
 *     router that has an IPv6 address only, and with the usual time to live
 */
public record OutputRoute(int linkIndex, Optional<Ipv4Address> gateway, Ipv4Address source, boolean plain) {

    static final int RTA_SRC = 2;
    private static final int RTA_METRICS = 8;
    private static final int RTA_VIA = 18;
    private static final int RTA_ENCAP = 22;
    private static final int RTAX_HOPLIMIT = 10;
    /** Where {@code struct rtmsg} has the route's type. */
    private static final int TYPE = 7;

    /** Reads the answer to RTM_GETROUTE. */
    static OutputRoute decode(NetlinkMessage message) {
        int type = message.structure(Route.RTMSG).get(TYPE) & 0xff;
        Attributes attributes = message.attributes(Route.RTMSG);
        boolean special = attributes.has(RTA_VIA) || attributes.has(RTA_ENCAP)
                || attributes.nested(RTA_METRICS).has(RTAX_HOPLIMIT);
        return new OutputRoute(attributes.number(Route.RTA_OIF).orElse(0), attributes.address(Route.RTA_GATEWAY),
                attributes.address(RTA_SRC).or(() -> attributes.address(Route.RTA_PREFSRC)).orElse(Ipv4Address.ANY),
                type == Route.UNICAST && !special);
    }
}
