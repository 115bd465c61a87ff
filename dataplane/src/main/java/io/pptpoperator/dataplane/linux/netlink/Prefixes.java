package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;

/** Prefixes as the kernel sends them. */
final class Prefixes {

    private Prefixes() {}

    /**
     * The prefix of {@code length} bits that {@code address} lies in.
     *
     * @throws NetlinkMessageException when IPv4 has no such length
     */
    static Ipv4Prefix around(Ipv4Address address, int length) {
        if (length < 0 || length > 32) {
            throw new NetlinkMessageException("an IPv4 prefix of " + length + " bits cannot be: it has 0 to 32");
        }
        int mask = length == 0 ? 0 : -1 << 32 - length;
        return new Ipv4Prefix(new Ipv4Address(address.bits() & mask), length);
    }
}
