package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.protocol.address.Ipv4Address;

/** The way from one of this host's addresses to a peer, shared by all tunnels between the two. */
final class PeerPath {
    private final Ipv4Address peer;
    private final Ipv4Address local;
    /** Tunnels that use it; for {@link NextHops}. */
    int users;
    /** Null while the kernel's routing must decide. */
    private volatile NextHop nextHop;

    /** A path that the kernel's routing decides until {@link NextHops} knows better. */
    PeerPath(Ipv4Address peer, Ipv4Address local) {
        this.peer = peer;
        this.local = local;
    }

    Ipv4Address peer() {
        return peer;
    }

    /** {@link Ipv4Address#ANY} where the kernel chooses it. */
    Ipv4Address local() {
        return local;
    }

    /** Where a packet socket may send right now; null while it must not. */
    NextHop nextHop() {
        return nextHop;
    }

    void nextHop(NextHop known) {
        nextHop = known;
    }
}
