package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;

/**
 * An IPv4 address of an interface.
 *
 * @param linkIndex number of the interface
 * @param address the address itself
 * @param network what is reached through the interface because of it: its subnet, or its peer
 */
public record InterfaceAddress(int linkIndex, Ipv4Address address, Ipv4Prefix network) {

    /** {@code struct ifaddrmsg}: {@code u8 family, prefixlen, flags, scope}, {@code u32 index}. */
    static final int IFADDRMSG = 8;
    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;

    /** Reads an RTM_NEWADDR of IPv4. */
    static InterfaceAddress decode(NetlinkMessage message) {
        var structure = message.structure(IFADDRMSG);
        Attributes attributes = message.attributes(IFADDRMSG);
        Ipv4Address address = attributes.address(IFA_ADDRESS).orElse(Ipv4Address.ANY);
        return new InterfaceAddress(structure.getInt(4), attributes.address(IFA_LOCAL).orElse(address),
                Prefixes.around(address, structure.get(1)));
    }
}
