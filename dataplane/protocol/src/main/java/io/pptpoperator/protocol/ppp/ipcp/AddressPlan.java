package io.pptpoperator.protocol.ppp.ipcp;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;

/**
 * The addresses of one link: what a server gives, or what a client got.
 *
 * @param ourAddress this end's
 * @param peerAddress the other end's; 0.0.0.0 when a client's server does not tell
 * @param dns name servers for the client, none to two
 * @param wins NetBIOS name servers for the client, none to two
 */
public record AddressPlan(Ipv4Address ourAddress, Ipv4Address peerAddress, List<Ipv4Address> dns,
        List<Ipv4Address> wins) {

    /**
     * Checks how many name servers there are.
     *
     * @throws IllegalArgumentException when there are more than two of a kind: IPCP has no option for a third
     */
    public AddressPlan {
        dns = List.copyOf(dns);
        wins = List.copyOf(wins);
        if (dns.size() > 2 || wins.size() > 2) {
            throw new IllegalArgumentException(
                    "IPCP can hand out two DNS and two WINS servers, not " + dns.size() + " and " + wins.size());
        }
    }
}
