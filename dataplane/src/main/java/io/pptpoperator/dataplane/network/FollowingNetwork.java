package io.pptpoperator.dataplane.network;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;

/** A network that follows a server's configuration and its sessions. */
public interface FollowingNetwork {

    /** Takes a new plan. */
    void follow(NetworkPlan plan);

    /** Routes a network behind a client to it. */
    void addRoute(Ipv4Prefix destination);

    /** Takes back one {@link #addRoute}. */
    void removeRoute(Ipv4Prefix destination);

    /** Lets hosts of the LAN find a client by ARP. */
    void addClient(Ipv4Address client);

    /** Takes back one {@link #addClient}. */
    void removeClient(Ipv4Address client);
}
