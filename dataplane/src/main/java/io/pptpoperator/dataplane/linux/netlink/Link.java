package io.pptpoperator.dataplane.linux.netlink;

import java.util.OptionalLong;

/**
 * A network interface.
 *
 * @param index its number in this network namespace
 * @param name its name
 * @param mtu largest IP packet in bytes
 * @param up whether it is administratively up
 * @param loopback whether it is the loopback interface
 * @param ethernet whether it is an Ethernet device that is running and finds its neighbours by ARP
 * @param hardwareAddress its own Ethernet address in the lower 48 bits, if it has one
 */
public record Link(int index, String name, int mtu, boolean up, boolean loopback, boolean ethernet,
        OptionalLong hardwareAddress) {

    /** {@code struct ifinfomsg}: {@code u8 family}, pad, {@code u16 type}, {@code i32 index}, {@code u32 flags}, … */
    static final int IFINFOMSG = 16;
    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFF_UP = 0x1;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_RUNNING = 0x40;
    private static final int IFF_NOARP = 0x80;
    private static final int ARPHRD_ETHER = 1;

    /** Reads an RTM_NEWLINK. */
    static Link decode(NetlinkMessage message) {
        var structure = message.structure(IFINFOMSG);
        Attributes attributes = message.attributes(IFINFOMSG);
        int flags = structure.getInt(8);
        return new Link(structure.getInt(4), attributes.text(IFLA_IFNAME).orElse(""),
                attributes.number(IFLA_MTU).orElse(0), (flags & IFF_UP) != 0, (flags & IFF_LOOPBACK) != 0,
                structure.getShort(2) == ARPHRD_ETHER && (flags & (IFF_RUNNING | IFF_NOARP)) == IFF_RUNNING,
                Neighbour.hardwareAddress(attributes.bytes(IFLA_ADDRESS)));
    }
}
