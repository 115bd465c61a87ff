package io.pptpoperator.dataplane.network;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one server needs of the network.
 *
 * @param tun name of its TUN device
 * @param localAddress the server's end of every link
 * @param mtu largest IP packet inside the tunnel in bytes, or empty to derive it from the uplink
 * @param clients addresses that clients may get, always routed to the TUN device: the pools and the users' static
 *     addresses
 * @param userNetworks networks behind clients, routed only while their user is connected
 * @param nat whether what clients send to the uplink gets this host's address (MASQUERADE)
 * @param uplink the interface toward the Internet, or empty to take that of the default route
 * @param natExclusions destinations that are reached without MASQUERADE, and may themselves reach clients
 * @param hostOpen destinations other than this host's own addresses at which its programs may hear clients
 * @param proxyArp whether this host answers ARP for clients whose addresses lie in a network of one of its interfaces
 */
public record NetworkPlan(String tun, Ipv4Address localAddress, OptionalInt mtu, List<Ipv4Prefix> clients,
        List<Ipv4Prefix> userNetworks, boolean nat, Optional<String> uplink, List<Ipv4Prefix> natExclusions,
        List<Ipv4Address> hostOpen, boolean proxyArp) {

    /** Takes copies of the lists. */
    public NetworkPlan {
        clients = List.copyOf(clients);
        userNetworks = List.copyOf(userNetworks);
        natExclusions = List.copyOf(natExclusions);
        hostOpen = List.copyOf(hostOpen);
    }
}
