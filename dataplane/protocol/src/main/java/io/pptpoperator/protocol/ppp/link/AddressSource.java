package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.util.Optional;

/** Where a server's link gets its addresses; answers at once, from memory. */
@FunctionalInterface
public interface AddressSource {

    /**
     * The addresses for a link whose peer has just authenticated as {@code username}; asked again, the same, should the
     * peer negotiate anew. Empty when none is left.
     */
    Optional<AddressPlan> addressesFor(String username);
}
