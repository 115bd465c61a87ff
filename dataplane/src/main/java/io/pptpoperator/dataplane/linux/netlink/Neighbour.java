package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the kernel knows about a host on a link (Documentation/networking/ip-sysctl.rst, linux/neighbour.h).
 *
 * @param linkIndex the interface's number
 * @param address its IPv4 address
 * @param state NUD_ bits
 * @param hardwareAddress its Ethernet address in the lower 48 bits, if it has one
 */
public record Neighbour(int linkIndex, Ipv4Address address, int state, OptionalLong hardwareAddress) {

    /**
     * {@code struct ndmsg}: {@code u8 family}, 3 pads, {@code i32 ifindex}, {@code u16 state}, {@code u8 flags, type}.
     */
    static final int NDMSG = 12;
    static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int AF_INET = 2;
    private static final int NUD_REACHABLE = 0x02;
    private static final int NUD_STALE = 0x04;
    private static final int NUD_DELAY = 0x08;
    private static final int NUD_PROBE = 0x10;
    private static final int NUD_PERMANENT = 0x80;
    private static final int ETHERNET_ADDRESS = 6;

    /** Reads an RTM_NEWNEIGH or RTM_DELNEIGH; other families' have the address {@link Ipv4Address#ANY}. */
    static Neighbour decode(NetlinkMessage message) {
        var structure = message.structure(NDMSG);
        Attributes attributes = message.attributes(NDMSG);
        // Bridges' forwarding entries (AF_BRIDGE) come in the same messages, with a tunnel's far end as address.
        Ipv4Address address = attributes.bytes(NDA_DST)
                .filter(bytes -> structure.get(0) == AF_INET)
                .map(bytes -> Ipv4Address.read(bytes, 0))
                .orElse(Ipv4Address.ANY);
        return new Neighbour(structure.getInt(4), address, Short.toUnsignedInt(structure.getShort(8)),
                hardwareAddress(attributes.bytes(NDA_LLADDR)));
    }

    /** An Ethernet address as 48 bits; empty for those of other kinds of links. */
    static OptionalLong hardwareAddress(Optional<byte[]> octets) {
        if (octets.isEmpty() || octets.get().length != ETHERNET_ADDRESS) {
            return OptionalLong.empty();
        }
        long bits = 0;
        for (byte octet : octets.get()) {
            bits = bits << Byte.SIZE | octet & 0xff;
        }
        return OptionalLong.of(bits);
    }

    /** The same neighbour, forgotten. */
    Neighbour gone() {
        return new Neighbour(linkIndex, address, 0, OptionalLong.empty());
    }

    /** Whether packets may go to its hardware address: it has been confirmed lately, or is being asked right now. */
    public boolean isFresh() {
        return (state & (NUD_PERMANENT | NUD_REACHABLE | NUD_DELAY | NUD_PROBE)) != 0 && hardwareAddress.isPresent();
    }

    /** Whether it has a hardware address that nobody has confirmed for long. */
    public boolean isStale() {
        return (state & NUD_STALE) != 0 && hardwareAddress.isPresent();
    }
}
