package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel knows of other hosts on its links: the ARP table. Every method throws {@link NetlinkException} when
 * the kernel refuses.
 */
public final class Neighbours {

    // linux/rtnetlink.h, linux/neighbour.h
    private static final int AF_INET = 2;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_GETNEIGH = 30;
    private static final int NTF_USE = 0x01;
    private static final int NTF_PROXY = 0x08;
    private static final int NDA_PROTOCOL = 12;

    private final NetlinkSocket socket;

    Neighbours(NetlinkSocket socket) {
        this.socket = socket;
    }

    private static MessageWriter message(int type, int flags, int linkIndex, Ipv4Address address) {
        return new MessageWriter(type, 0).u8(AF_INET)
                .u8(0)
                .u16(0)
                .u32(linkIndex)
                .u16(0)
                .u8(flags)
                .u8(0)
                .address(Neighbour.NDA_DST, address);
    }

    /** What is known about a neighbour; empty when nothing is. */
    public Optional<Neighbour> find(int linkIndex, Ipv4Address address) {
        try {
            return socket
                    .request("cannot look up the neighbour " + address, message(RTM_GETNEIGH, 0, linkIndex, address))
                    .stream()
                    .filter(message -> message.type() == RTM_NEWNEIGH)
                    .map(Neighbour::decode)
                    .findFirst();
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Tells the kernel that a neighbour is in use, as sending to it by way of the kernel's routing would: it is asked
     * for again when it has not been heard of for long. False when the kernel knows no such neighbour.
     */
    public boolean use(int linkIndex, Ipv4Address address) {
        try {
            socket.request("cannot use the neighbour " + address, message(RTM_NEWNEIGH, NTF_USE, linkIndex, address));
            return true;
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) {
                return false;
            }
            throw e;
        }
    }

    /**
     * An address for which this host answers ARP on a link.
     *
     * @param linkIndex the link's number
     * @param address the address
     */
    public record Proxy(int linkIndex, Ipv4Address address) {}

    /**
     * The addresses for which this host answers ARP.
     *
     * @param protocol only those that were added with this tag
     */
    public List<Proxy> proxies(int protocol) {
        MessageWriter request = new MessageWriter(RTM_GETNEIGH, 0).u8(AF_INET)
                .u8(0)
                .u16(0)
                .u32(0)
                .u16(0)
                .u8(NTF_PROXY)
                .u8(0);
        return socket.dump("cannot list the addresses that ARP is answered for", request)
                .stream()
                .filter(message -> message.type() == RTM_NEWNEIGH)
                .filter(message -> message.attributes(Neighbour.NDMSG)
                        .bytes(NDA_PROTOCOL)
                        .filter(tag -> tag.length == 1 && (tag[0] & 0xff) == protocol)
                        .isPresent())
                .map(Neighbour::decode)
                .map(it -> new Proxy(it.linkIndex(), it.address()))
                .toList();
    }

    /** Answers ARP for an address on a link; doing so already is no error. */
    public void addProxy(Proxy proxy, int protocol) {
        socket.request("cannot answer ARP for " + proxy.address(),
                new MessageWriter(RTM_NEWNEIGH, NetlinkMessage.NLM_F_CREATE).u8(AF_INET)
                        .u8(0)
                        .u16(0)
                        .u32(proxy.linkIndex())
                        .u16(0)
                        .u8(NTF_PROXY)
                        .u8(0)
                        .address(Neighbour.NDA_DST, proxy.address())
                        .attribute(NDA_PROTOCOL, (byte) protocol));
    }

    /** Answers ARP for an address on a link no longer; not having done so is no error. */
    public void removeProxy(Proxy proxy) {
        try {
            socket.request("cannot stop to answer ARP for " + proxy.address(),
                    message(RTM_DELNEIGH, NTF_PROXY, proxy.linkIndex(), proxy.address()));
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
    }

    /**
     * The neighbour that a notification of {@link Rtnetlink#watchOutput} is about; empty when it is about something
     * else.
     */
    public static Optional<Neighbour> in(NetlinkMessage notification) {
        return switch (notification.type()) {
            case RTM_NEWNEIGH -> Optional.of(Neighbour.decode(notification));
            case RTM_DELNEIGH -> Optional.of(Neighbour.decode(notification).gone());
            default -> Optional.empty();
        };
    }
}
