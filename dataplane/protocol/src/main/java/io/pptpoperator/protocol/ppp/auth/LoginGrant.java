package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.ppp.ccp.EncryptionDemand;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.util.Optional;

/**
 * What a link may have whose peer is in.
 *
 * @param addresses the addresses of both ends and the name servers; empty when none is left, which ends the link
 * @param encryption what is asked of encryption beyond the link's own settings
 */
public record LoginGrant(Optional<AddressPlan> addresses, EncryptionDemand encryption) {

    /** Nothing: what a peer is granted that grants itself nothing, and the answer to a repeated question. */
    public static final LoginGrant NONE = new LoginGrant(Optional.empty(), EncryptionDemand.NONE);

    /** These addresses, and encryption as the link's settings want it. */
    public static LoginGrant of(AddressPlan addresses) {
        return new LoginGrant(Optional.of(addresses), EncryptionDemand.NONE);
    }
}
