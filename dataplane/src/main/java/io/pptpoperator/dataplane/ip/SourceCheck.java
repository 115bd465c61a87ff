package io.pptpoperator.dataplane.ip;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.address.Ipv4Prefix;
import java.util.List;

/**
 * Which source addresses the packets of one client may have: the address it was given, and those of the networks
 * routed to it. Immutable, and so usable by any thread.
 */
public final class SourceCheck {
    private final int own;
    private final int[] networks;
    private final int[] masks;

    /**
     * The check for one client.
     *
     * @param own the address the client was given
     * @param routes the networks behind it
     */
    public SourceCheck(Ipv4Address own, List<Ipv4Prefix> routes) {
        this.own = own.bits();
        networks = routes.stream().mapToInt(route -> route.network().bits()).toArray();
        masks = routes.stream().mapToInt(Ipv4Prefix::mask).toArray();
    }

    /**
     * Whether a packet with this source address may come from the client.
     *
     * @param source the address's 32 bits
     */
    public boolean allows(int source) {
        if (source == own) {
            return true;
        }
        for (int i = 0; i < networks.length; i++) {
            if ((source & masks[i]) == networks[i]) {
                return true;
            }
        }
        return false;
    }
}
