package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.linux.Errno;
import java.util.Optional;

/**
 * What the kernel knows of other hosts on its links: the ARP table. Every method throws {@link NetlinkException} when the
 * kernel refuses.
 */
public final class Neighbours {

    // linux/rtnetlink.h, linux/neighbour.h
    private static final int AF_INET = 2;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_GETNEIGH = 30;
    private static final int NTF_USE = 0x01;

    private final NetlinkSocket socket;

    Neighbours(NetlinkSocket socket) {
        this.socket = socket;
    }

    private static MessageWriter message(int type, int flags, int linkIndex, Ipv4Address address) {
        return new MessageWriter(type, 0).u8(AF_INET).u8(0).u16(0).u32(linkIndex).u16(0).u8(flags).u8(0)
                .address(Neighbour.NDA_DST, address);
    }

    /** What is known about a neighbour; empty when nothing is. */
    public Optional<Neighbour> find(int linkIndex, Ipv4Address address) {
        try {
            return socket
                    .request("cannot look up the neighbour " + address,
                            message(RTM_GETNEIGH, 0, linkIndex, address))
                    .stream().filter(message -> message.type() == RTM_NEWNEIGH).map(Neighbour::decode)
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
            socket.request("cannot use the neighbour " + address,
                    message(RTM_NEWNEIGH, NTF_USE, linkIndex, address));
            return true;
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) {
                return false;
            }
            throw e;
        }
    }

    /** The neighbour that a notification of {@link Rtnetlink#watchOutput} is about; empty when it is about something else. */
    public static Optional<Neighbour> in(NetlinkMessage notification) {
        return switch (notification.type()) {
            case RTM_NEWNEIGH -> Optional.of(Neighbour.decode(notification));
            case RTM_DELNEIGH -> Optional.of(Neighbour.decode(notification).gone());
            default -> Optional.empty();
        };
    }
}
