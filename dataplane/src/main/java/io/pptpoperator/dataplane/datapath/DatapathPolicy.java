package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.address.Ipv4Prefix;
import java.util.List;

/**
 * The server-wide rules that the datapath applies to every packet; replaced as a whole when the configuration changes.
 *
 * @param serverAddress the server's end of every link, always reachable, and the source of ICMP errors
 *     to clients
 * @param clientToClient whether clients may reach one another
 * @param allowedDestinations where clients may send to; empty means everywhere but to networks of single links
 * @param nameServers those that clients are told of, reachable even if link-local, as a cluster's on each node is
 * @param fragmentOversized whether a packet that is too big for a client's link is fragmented in spite of its DF bit
 */
public record DatapathPolicy(Ipv4Address serverAddress, boolean clientToClient,
        List<Ipv4Prefix> allowedDestinations, List<Ipv4Address> nameServers, boolean fragmentOversized) {
    private static final Ipv4Prefix THIS_NETWORK = Ipv4Prefix.parse("0.0.0.0/8");
    private static final Ipv4Prefix LOOPBACK = Ipv4Prefix.parse("127.0.0.0/8");
    /** RFC 3927. Clouds have their metadata service there, which gives the host's own credentials to who asks. */
    private static final Ipv4Prefix LINK_LOCAL = Ipv4Prefix.parse("169.254.0.0/16");

    /** Copies the lists. */
    public DatapathPolicy {
        allowedDestinations = List.copyOf(allowedDestinations);
        nameServers = List.copyOf(nameServers);
    }

    /**
     * The rules at a client: everything passes, and what is too big for the tunnel is reported to its sender, which is
     * this host or one behind it.
     *
     * @param ownAddress the client's end of the link
     */
    public static DatapathPolicy ofClient(Ipv4Address ownAddress) {
        return new DatapathPolicy(ownAddress, true, List.of(), List.of(), false);
    }

    /**
     * Whether clients may send to {@code addressBits}; allocates nothing. What never leaves a host or a link (RFC 1122
     * section 3.2.1.3, RFC 3927) is this host's own business: only the list itself, by a prefix within, can open it.
     */
    boolean allows(int addressBits) {
        if (addressBits == serverAddress.bits()) {
            return true;
        }
        if (contains(THIS_NETWORK, addressBits) || contains(LOOPBACK, addressBits)) {
            return false;
        }
        if (contains(LINK_LOCAL, addressBits)) {
            return isNameServer(addressBits) || isListed(addressBits, LINK_LOCAL.length());
        }
        return allowedDestinations.isEmpty() || isListed(addressBits, 0);
    }

    private boolean isListed(int addressBits, int leastLength) {
        for (int i = 0; i < allowedDestinations.size(); i++) {
            Ipv4Prefix prefix = allowedDestinations.get(i);
            if (prefix.length() >= leastLength && contains(prefix, addressBits)) {
                return true;
            }
        }
        return false;
    }

    private boolean isNameServer(int addressBits) {
        for (int i = 0; i < nameServers.size(); i++) {
            if (nameServers.get(i).bits() == addressBits) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(Ipv4Prefix prefix, int addressBits) {
        return (addressBits & prefix.mask()) == prefix.network().bits();
    }
}
