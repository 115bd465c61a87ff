package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Links, IPv4 addresses and routes of the network namespace in which it was opened (rtnetlink(7)). Every method throws
 * {@link NetlinkException} when the kernel refuses.
 */
public final class Rtnetlink implements AutoCloseable {

    // linux/rtnetlink.h
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_NEWRULE = 32;
    private static final int RTM_GETRULE = 34;
    private static final int RTM_NEWNETCONF = 80;
    private static final int RTM_GETNETCONF = 82;
    private static final int RTNLGRP_LINK = 1;
    private static final int RTNLGRP_NEIGH = 3;
    private static final int RTNLGRP_IPV4_IFADDR = 5;
    private static final int RTNLGRP_IPV4_ROUTE = 7;
    private static final int RTNLGRP_IPV4_RULE = 8;
    private static final int RTNLGRP_IPV4_NETCONF = 24;
    private static final int RTNLGRP_NEXTHOP = 32;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_TABLE_UNSPEC = 0;
    private static final int RT_SCOPE_LINK = 253;

    // linux/fib_rules.h
    /**
     * {@code struct fib_rule_hdr}: {@code u8 family, dst_len, src_len, tos, table}, 2 pads, {@code action}, {@code
     * u32}.
     */
    private static final int FIB_RULE_HDR = 12;
    private static final int FRA_IP_PROTO = 22;

    // linux/if_link.h, linux/ip.h
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IFLA_TXQLEN = 13;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_INET_CONF = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IN6_ADDR_GEN_MODE_NONE = 1;
    private static final int IPV4_DEVCONF_FORWARDING = 1;
    private static final int IPV4_DEVCONF_RP_FILTER = 8;
    private static final int NETCONFA_IFINDEX_ALL = -1;

    private final NetlinkSocket socket;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens a socket to rtnetlink.
     *
     * @throws LinuxException when the kernel refuses
     */
    public static Rtnetlink open() {
        return new Rtnetlink(NetlinkSocket.open(NetlinkSocket.Family.ROUTE));
    }

    /** Opens a socket that is notified when links, IPv4 addresses, routes or forwarding settings change. */
    public static NetlinkSocket watch() {
        return NetlinkSocket.open(NetlinkSocket.Family.ROUTE, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE,
                RTNLGRP_IPV4_NETCONF);
    }

    /**
     * Opens a socket that is notified when anything changes that decides where this host's own packets go: links,
     * neighbours, IPv4 addresses, routes, next hops and routing rules.
     */
    public static NetlinkSocket watchOutput() {
        return NetlinkSocket.open(NetlinkSocket.Family.ROUTE, RTNLGRP_LINK, RTNLGRP_NEIGH, RTNLGRP_IPV4_IFADDR,
                RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_NEXTHOP);
    }

    private static MessageWriter link(int type, int index, int flags, int change) {
        return new MessageWriter(type, 0).u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    /** All interfaces. */
    public List<Link> links() {
        return socket.dump("cannot list the network interfaces", link(RTM_GETLINK, 0, 0, 0))
                .stream()
                .filter(message -> message.type() == RTM_NEWLINK)
                .map(Link::decode)
                .toList();
    }

    /** The interface of that name. */
    public Optional<Link> link(String name) {
        try {
            return socket
                    .request("cannot look up the interface " + name,
                            link(RTM_GETLINK, 0, 0, 0).text(Link.IFLA_IFNAME, name))
                    .stream()
                    .filter(message -> message.type() == RTM_NEWLINK)
                    .map(Link::decode)
                    .findFirst();
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Switches an interface on or off. */
    public void setUp(Link link, boolean up) {
        socket.request("cannot switch " + link.name() + (up ? " on" : " off"),
                link(RTM_SETLINK, link.index(), up ? Link.IFF_UP : 0, Link.IFF_UP));
    }

    /** Sets the largest IP packet of an interface, in bytes. */
    public void setMtu(Link link, int mtu) {
        socket.request("cannot set the MTU of " + link.name() + " to " + mtu,
                link(RTM_SETLINK, link.index(), 0, 0).number(Link.IFLA_MTU, mtu));
    }

    /** Sets how many packets may wait to be sent through an interface; for a TUN device, to be read. */
    public void setQueueLength(Link link, int packets) {
        socket.request("cannot set the queue length of " + link.name() + " to " + packets,
                link(RTM_SETLINK, link.index(), 0, 0).number(IFLA_TXQLEN, packets));
    }

    /** Sets whether packets that arrive at an interface are forwarded. */
    public void setForwarding(Link link, boolean forwarding) {
        setIpv4Conf("cannot switch IPv4 forwarding of " + link.name() + (forwarding ? " on" : " off"), link,
                IPV4_DEVCONF_FORWARDING, forwarding ? 1 : 0);
    }

    /** Sets the reverse-path filter of an interface: 0 off, 1 strict, 2 loose. */
    public void setReversePathFilter(Link link, int mode) {
        setIpv4Conf("cannot set rp_filter of " + link.name() + " to " + mode, link, IPV4_DEVCONF_RP_FILTER, mode);
    }

    private void setIpv4Conf(String what, Link link, int setting, int value) {
        socket.request(what, link(RTM_SETLINK, link.index(), 0, 0).nested(IFLA_AF_SPEC, families -> families
                .nested(AF_INET, inet -> inet.nested(IFLA_INET_CONF, settings -> settings.number(setting, value)))));
    }

    /**
     * Keeps the kernel from giving an interface an IPv6 address of its own accord when it goes up, and so from sending
     * router solicitations into it.
     */
    public void withoutIpv6Addresses(Link link) {
        socket.request("cannot switch automatic IPv6 addresses of " + link.name() + " off",
                link(RTM_SETLINK, link.index(), 0, 0).nested(IFLA_AF_SPEC, families -> families.nested(AF_INET6,
                        inet6 -> inet6.attribute(IFLA_INET6_ADDR_GEN_MODE, (byte) IN6_ADDR_GEN_MODE_NONE))));
    }

    /** IPv4 settings of an interface. */
    public Ipv4Conf ipv4Conf(Link link) {
        return ipv4Conf(link.name(), link.index());
    }

    /** IPv4 settings of "all", which {@code net.ipv4.ip_forward} is one of. */
    public Ipv4Conf ipv4ConfOfAll() {
        return ipv4Conf("all interfaces", NETCONFA_IFINDEX_ALL);
    }

    private Ipv4Conf ipv4Conf(String name, int index) {
        return socket.request("cannot read the IPv4 settings of " + name,
                new MessageWriter(RTM_GETNETCONF, 0).u8(AF_INET).u8(0).u16(0).number(Ipv4Conf.NETCONFA_IFINDEX, index))
                .stream()
                .filter(message -> message.type() == RTM_NEWNETCONF)
                .map(Ipv4Conf::decode)
                .findFirst()
                .orElse(new Ipv4Conf(false, 0));
    }

    /** All IPv4 addresses. */
    public List<InterfaceAddress> addresses() {
        return socket.dump("cannot list the IPv4 addresses", address(RTM_GETADDR, 0, 0, 0))
                .stream()
                .filter(message -> message.type() == RTM_NEWADDR)
                .map(InterfaceAddress::decode)
                .toList();
    }

    private static MessageWriter address(int type, int flags, int index, int prefixLength) {
        return new MessageWriter(type, flags).u8(AF_INET).u8(prefixLength).u8(0).u8(RT_SCOPE_UNIVERSE).u32(index);
    }

    /**
     * Gives an interface an address as /32; having it already is no error.
     *
     * @param peer the address at the other end of the link, or empty
     */
    public void addAddress(Link link, Ipv4Address address, Optional<Ipv4Address> peer) {
        socket.request("cannot give " + link.name() + " the address " + address,
                address(RTM_NEWADDR, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE, link.index(), 32)
                        .address(InterfaceAddress.IFA_LOCAL, address)
                        .address(InterfaceAddress.IFA_ADDRESS, peer.orElse(address)));
    }

    /** Takes a /32 address from an interface; not having it is no error. */
    public void removeAddress(Link link, Ipv4Address address) {
        try {
            socket.request("cannot take the address " + address + " from " + link.name(),
                    address(RTM_DELADDR, 0, link.index(), 32).address(InterfaceAddress.IFA_LOCAL, address));
        } catch (NetlinkException e) {
            if (e.errno() != Errno.EADDRNOTAVAIL) {
                throw e;
            }
        }
    }

    /** All IPv4 routes of one routing table, or only those through one interface. */
    public List<Route> routes(int table, OptionalInt linkIndex) {
        MessageWriter request = question(RTM_GETROUTE, 0, 0).number(Route.RTA_TABLE, table);
        linkIndex.ifPresent(index -> request.number(Route.RTA_OIF, index));
        // Older kernels ignore the filter.
        return socket.dump("cannot list the IPv4 routes", request)
                .stream()
                .filter(message -> message.type() == RTM_NEWROUTE)
                .map(Route::decode)
                .filter(route -> route.table() == table
                        && (linkIndex.isEmpty() || route.linkIndex() == linkIndex.getAsInt()))
                .toList();
    }

    /** The route that the kernel would use to {@code address}, empty when it has none. */
    public Optional<Route> routeTo(Ipv4Address address) {
        try {
            return socket
                    .request("cannot find the route to " + address,
                            question(RTM_GETROUTE, 32, 0).address(Route.RTA_DST, address))
                    .stream()
                    .filter(message -> message.type() == RTM_NEWROUTE)
                    .map(Route::decode)
                    .findFirst();
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENETUNREACH || e.errno() == Errno.EHOSTUNREACH) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * The way that the kernel would send a packet of this host's own, with all routing rules and exceptions applied;
     * empty when it would refuse to, which it also does when {@code source} is no address of this host.
     *
     * @param source the packet's source address, {@link Ipv4Address#ANY} to let the kernel choose
     */
    public Optional<OutputRoute> outputRoute(Ipv4Address destination, Ipv4Address source) {
        boolean anySource = source.equals(Ipv4Address.ANY);
        MessageWriter request = question(RTM_GETROUTE, 32, anySource ? 0 : 32).address(Route.RTA_DST, destination);
        if (!anySource) {
            request.address(OutputRoute.RTA_SRC, source);
        }
        try {
            return socket.request("cannot find the way to " + destination, request)
                    .stream()
                    .filter(message -> message.type() == RTM_NEWROUTE)
                    .map(OutputRoute::decode)
                    .findFirst();
        } catch (NetlinkException e) {
            return switch (e.errno()) {
                case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EINVAL, Errno.EACCES -> Optional.empty();
                default -> throw e;
            };
        }
    }

    /** Whether a routing rule looks at the IP protocol, which {@link #outputRoute} cannot ask about. */
    public boolean rulesLookAtProtocol() {
        MessageWriter request = question(RTM_GETRULE, 0, 0);
        return socket.dump("cannot list the routing rules", request)
                .stream()
                .filter(message -> message.type() == RTM_NEWRULE)
                .anyMatch(message -> message.attributes(FIB_RULE_HDR).has(FRA_IP_PROTO));
    }

    /** The queueing disciplines of its links. */
    public Qdiscs qdiscs() {
        return new Qdiscs(socket);
    }

    /** What the kernel knows of other hosts on its links. */
    public Neighbours neighbours() {
        return new Neighbours(socket);
    }

    /**
     * Routes a network into an interface, in the main table. It never replaces a route: another one to the same network
     * makes it fail with EEXIST.
     *
     * @param source this host's own address toward the network
     * @param protocol tag that says whose route it is (rtm_protocol)
     */
    public void addRoute(Link link, Ipv4Prefix destination, Ipv4Address source, int protocol) {
        socket.request("cannot route " + destination + " to " + link.name(),
                route(RTM_NEWROUTE, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL, link, destination,
                        protocol).address(Route.RTA_PREFSRC, source));
    }

    /** Removes a route that {@link #addRoute} made; its absence is no error. */
    public void removeRoute(Link link, Ipv4Prefix destination, int protocol) {
        try {
            socket.request("cannot remove the route for " + destination + " from " + link.name(),
                    route(RTM_DELROUTE, 0, link, destination, protocol));
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    /**
     * Adds a route as it is described. It never replaces one: another one to the same network with the same metric
     * makes it fail with EEXIST.
     */
    public void addRoute(Route route) {
        socket.request("cannot add the route " + route.text(),
                route(RTM_NEWROUTE, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL, route));
    }

    /** Removes a route that {@link #addRoute(Route)} made; its absence is no error. */
    public void removeRoute(Route route) {
        try {
            socket.request("cannot remove the route " + route.text(), route(RTM_DELROUTE, 0, route));
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    /** {@code struct rtmsg} of a question, or {@code struct fib_rule_hdr}, which is laid out alike. */
    private static MessageWriter question(int type, int destinationLength, int sourceLength) {
        return rtmsg(type, 0, destinationLength, sourceLength, RT_TABLE_UNSPEC, 0, RT_SCOPE_UNIVERSE, 0);
    }

    /** {@code struct rtmsg} about a route to {@code destination}, which is its first attribute. */
    private static MessageWriter rtmsg(int type, int flags, Ipv4Prefix destination, int table, int protocol, int scope,
            int routeType) {
        return rtmsg(type, flags, destination.length(), 0, table, protocol, scope, routeType).address(Route.RTA_DST,
                destination.network());
    }

    private static MessageWriter rtmsg(int type, int flags, int destinationLength, int sourceLength, int table,
            int protocol, int scope, int routeType) {
        int tos = 0;
        int routeFlags = 0;
        return new MessageWriter(type, flags).u8(AF_INET)
                .u8(destinationLength)
                .u8(sourceLength)
                .u8(tos)
                .u8(table)
                .u8(protocol)
                .u8(scope)
                .u8(routeType)
                .u32(routeFlags);
    }

    private static MessageWriter route(int type, int flags, Route route) {
        MessageWriter message = rtmsg(type, flags, route.destination(), RT_TABLE_UNSPEC, route.protocol(),
                route.gateway().isPresent() ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK, route.type())
                .number(Route.RTA_OIF, route.linkIndex())
                .number(Route.RTA_PRIORITY, route.metric())
                .number(Route.RTA_TABLE, route.table());
        route.gateway().ifPresent(gateway -> message.address(Route.RTA_GATEWAY, gateway));
        route.source().ifPresent(source -> message.address(Route.RTA_PREFSRC, source));
        return message;
    }

    private static MessageWriter route(int type, int flags, Link link, Ipv4Prefix destination, int protocol) {
        return rtmsg(type, flags, destination, Route.MAIN, protocol, RT_SCOPE_LINK, Route.UNICAST).number(Route.RTA_OIF,
                link.index());
    }

    /** Closes the socket; doing so again has no effect. */
    @Override
    public void close() {
        socket.close();
    }
}
