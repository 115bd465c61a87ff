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
 * @param allowedDestinations where clients may send to; empty means everywhere
 * @param fragmentOversized whether a packet that is too big for a client's link is fragmented in spite of its DF bit
 */
public record DatapathPolicy(Ipv4Address serverAddress, boolean clientToClient,
        List<Ipv4Prefix> allowedDestinations,
        boolean fragmentOversized) {

    /** Copies the list. */
    public DatapathPolicy {
        allowedDestinations = List.copyOf(allowedDestinations);
    }

    /**
     * The rules at a client: everything passes, and what is too big for the tunnel is reported to its sender, which is
     * this host or one behind it.
     *
     * @param ownAddress the client's end of the link
     */
    public static DatapathPolicy ofClient(Ipv4Address ownAddress) {
        return new DatapathPolicy(ownAddress, true, List.of(), false);
    }

    /** Whether clients may send to {@code addressBits}; allocates nothing. */
    boolean allows(int addressBits) {
        if (allowedDestinations.isEmpty() || addressBits == serverAddress.bits()) {
            return true;
        }
        for (int i = 0; i < allowedDestinations.size(); i++) {
            Ipv4Prefix prefix = allowedDestinations.get(i);
            if ((addressBits & prefix.mask()) == prefix.network().bits()) {
                return true;
            }
        }
        return false;
    }
}
