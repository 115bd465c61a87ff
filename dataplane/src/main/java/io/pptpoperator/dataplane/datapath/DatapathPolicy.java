package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;

/**
 * The server-wide rules that the datapath applies to every packet; replaced as a whole when the configuration changes.
 *
 * @param serverAddress the server's end of every link, which answers echo requests, and the source of ICMP errors
 *     to clients
 * @param clientToClient whether clients may reach one another
 * @param allowedDestinations where clients may send to; empty means everywhere but to networks of single links
 * @param nameServers those that clients are told of, whose port 53 is open even where all else is closed
 * @param hostAccess what clients reach of the server's own host beside the server's answers to echo requests
 * @param fragmentOversized whether a packet that is too big for a client's link is fragmented in spite of its DF bit
 */
public record DatapathPolicy(Ipv4Address serverAddress, boolean clientToClient, List<Ipv4Prefix> allowedDestinations,
        List<Ipv4Address> nameServers, HostAccess hostAccess, boolean fragmentOversized) {
    private static final Ipv4Prefix THIS_NETWORK = Ipv4Prefix.parse("0.0.0.0/8");
    private static final Ipv4Prefix LOOPBACK = Ipv4Prefix.parse("127.0.0.0/8");
    /** RFC 3927. Clouds have their metadata service there, which gives the host's own credentials to who asks. */
    private static final Ipv4Prefix LINK_LOCAL = Ipv4Prefix.parse("169.254.0.0/16");
    /** Other addresses of such services: Azure's, Alibaba's, and that of Oracle's older cloud. */
    private static final int[] METADATA = {Ipv4Address.parse("168.63.129.16").bits(),
            Ipv4Address.parse("100.100.100.200").bits(), Ipv4Address.parse("192.0.0.192").bits()};
    /** The first multicast address; reserved ones and 255.255.255.255 are above. */
    private static final int FIRST_MULTICAST = 0xE000_0000;

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
        return new DatapathPolicy(ownAddress, true, List.of(), List.of(), HostAccess.ALL, false);
    }

    /**
     * Whether {@code addressBits} is closed but for what is opened by name: what never leaves a host or a link (RFC
     * 1122 section 3.2.1.3, RFC 3927), what goes to many, and where clouds give away the host's credentials. A prefix
     * of the list opens link-local and metadata addresses if it lies within what is closed. Allocates nothing.
     */
    boolean isClosedByNature(int addressBits) {
        if (isMulticastOrReserved(addressBits) || contains(THIS_NETWORK, addressBits)
                || contains(LOOPBACK, addressBits)) {
            return true;
        }
        if (contains(LINK_LOCAL, addressBits)) {
            return !isListed(addressBits, LINK_LOCAL.length());
        }
        for (int service : METADATA) {
            if (service == addressBits) {
                return !isListed(addressBits, Integer.SIZE);
            }
        }
        return false;
    }

    /** Whether no single host can have the address. */
    static boolean isMulticastOrReserved(int addressBits) {
        return Integer.compareUnsigned(addressBits, FIRST_MULTICAST) >= 0;
    }

    /** Whether the list lets clients send to {@code addressBits}; allocates nothing. */
    boolean allows(int addressBits) {
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

    /** Whether clients are told of this name server. */
    boolean isNameServer(int addressBits) {
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
