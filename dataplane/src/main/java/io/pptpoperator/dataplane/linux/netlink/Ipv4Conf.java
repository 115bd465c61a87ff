package io.pptpoperator.dataplane.linux.netlink;

/**
 * IPv4 settings of an interface, as under {@code /proc/sys/net/ipv4/conf/}.
 *
 * @param forwarding whether packets that arrive there are forwarded
 * @param reversePathFilter 0 off, 1 strict, 2 loose (RFC 3704); the kernel applies the higher of this and that of "all"
 */
public record Ipv4Conf(boolean forwarding, int reversePathFilter) {

    /** {@code struct netconfmsg} is one byte, {@code u8 family}; attributes begin at 4. */
    static final int NETCONFMSG = 4;
    static final int NETCONFA_IFINDEX = 1;
    private static final int NETCONFA_FORWARDING = 2;
    private static final int NETCONFA_RP_FILTER = 3;

    /** Reads an RTM_NEWNETCONF. */
    static Ipv4Conf decode(NetlinkMessage message) {
        Attributes attributes = message.attributes(NETCONFMSG);
        return new Ipv4Conf(attributes.number(NETCONFA_FORWARDING).orElse(0) != 0,
                attributes.number(NETCONFA_RP_FILTER).orElse(0));
    }
}
