package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;

/**
 * Where one tunnel's client may send to, within the server-wide {@link DatapathPolicy}.
 *
 * @param isolated whether the client reaches no other, and no other reaches it
 * @param allowedDestinations the networks beyond the server; empty: as far as the server-wide policy goes
 */
public record TunnelReach(boolean isolated, List<Ipv4Prefix> allowedDestinations) {

    /** Copies the list. */
    public TunnelReach {
        allowedDestinations = List.copyOf(allowedDestinations);
    }

    /** Whether the client may send to the address with these 32 bits; allocates nothing. */
    boolean allows(int addressBits) {
        if (allowedDestinations.isEmpty()) {
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
