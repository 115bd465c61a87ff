package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * An IPv4 route.
 *
 * @param destination where it leads; 0.0.0.0/0 is the default route
 * @param linkIndex number of the interface it uses (the first one of a multipath route), 0 for none
 * @param gateway the next router, empty when the destination is on the link
 * @param source the address that this host prefers as its own toward the destination
 * @param table routing table, {@link #MAIN} usually
 * @param protocol who made it (rtm_protocol)
 * @param type {@link #UNICAST}, or another RTN_ number
 * @param metric its priority among routes to the same destination, the lowest wins
 */
public record Route(Ipv4Prefix destination, int linkIndex, Optional<Ipv4Address> gateway, Optional<Ipv4Address> source,
        int table, int protocol, int type, int metric) {

    /** The main routing table (RT_TABLE_MAIN). */
    public static final int MAIN = 254;
    /** The table of the host's own addresses (RT_TABLE_LOCAL). */
    public static final int LOCAL_TABLE = 255;
    /** A destination that is the host itself (RTN_LOCAL). */
    public static final int LOCAL = 2;
    /** A destination that is the host and everybody else on a link (RTN_BROADCAST). */
    public static final int BROADCAST = 3;
    /** A route that forwards (RTN_UNICAST). */
    public static final int UNICAST = 1;

    /**
     * {@code struct rtmsg}: {@code u8 family, dst_len, src_len, tos, table, protocol, scope, type}, {@code u32 flags}.
     */
    static final int RTMSG = 12;
    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_PREFSRC = 7;
    static final int RTA_TABLE = 15;
    private static final int RTA_MULTIPATH = 9;
    /** {@code struct rtnexthop}: {@code u16 len}, {@code u8 flags, hops}, {@code i32 ifindex}, then attributes. */
    private static final int RTNEXTHOP = 8;

    /** Whether it is the way to everything that no other route leads to. */
    public boolean isDefault() {
        return destination.length() == 0;
    }

    /** The route as {@code ip route} would name it, for messages. */
    String text() {
        return destination + gateway.map(router -> " via " + router).orElse("") + " dev " + linkIndex + " metric "
                + metric;
    }

    /** Reads an RTM_NEWROUTE of IPv4. */
    static Route decode(NetlinkMessage message) {
        var structure = message.structure(RTMSG);
        Attributes attributes = message.attributes(RTMSG);
        int link = attributes.number(RTA_OIF).orElse(0);
        Optional<Ipv4Address> gateway = attributes.address(RTA_GATEWAY);
        Optional<byte[]> nextHops = attributes.bytes(RTA_MULTIPATH);
        if (nextHops.isPresent()) {
            NextHop first = NextHop.first(nextHops.get());
            link = first.linkIndex;
            gateway = first.gateway;
        }
        return new Route(Prefixes.around(attributes.address(RTA_DST).orElse(Ipv4Address.ANY), structure.get(1)), link,
                gateway, attributes.address(RTA_PREFSRC), attributes.number(RTA_TABLE).orElse(structure.get(4) & 0xff),
                structure.get(5) & 0xff, structure.get(7) & 0xff, attributes.number(RTA_PRIORITY).orElse(0));
    }

    private record NextHop(int linkIndex, Optional<Ipv4Address> gateway) {

        static NextHop first(byte[] multipath) {
            var buffer = ByteBuffer.wrap(multipath).order(ByteOrder.nativeOrder());
            int size = multipath.length < RTNEXTHOP ? 0 : Short.toUnsignedInt(buffer.getShort(0));
            if (size < RTNEXTHOP || size > multipath.length) {
                throw new NetlinkMessageException("a next hop of " + size + " bytes cannot be: it needs " + RTNEXTHOP
                        + " to " + multipath.length);
            }
            Attributes attributes = Attributes.parse(Arrays.copyOf(multipath, size), RTNEXTHOP);
            return new NextHop(buffer.getInt(4), attributes.address(RTA_GATEWAY));
        }
    }
}
