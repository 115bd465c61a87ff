package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What a server answers to a login; read by {@link LoginReplies} from a packet that {@link PacketAuthentication} found to be the server's. */
public sealed interface LoginReply {

    /**
     * The user may come in.
     *
     * @param userName what the server calls the user, if it says so (RFC 2865 section 5.1)
     * @param grants what goes with it
     * @param keys MPPE's start keys of this end, which is the PAC; empty when there are none
     * @param encryption what the server asks of MPPE
     * @param success MS-CHAPv2's proof of the server, {@code S=} and 40 hexadecimal digits; empty with other methods
     * @param eap the EAP packet for the peer, empty without
     * @param message for the log; the peer need not see it
     * @param ignored names of attributes that have no meaning here
     * @param unusable sentences about attributes that say nothing that can be used
     */
    record Accepted(Optional<String> userName, Grants grants, Optional<MppeStartKeys> keys, EncryptionTerms encryption,
            Optional<String> success, byte[] eap, Optional<String> message, List<String> ignored,
            List<String> unusable) implements LoginReply {}

    /**
     * The user may not. What a server says beside the reason does not count.
     *
     * @param msChapError the number behind {@code E=}, if there is one
     * @param eap the EAP packet for the peer, empty without
     * @param message for the log
     */
    record Rejected(OptionalInt msChapError, byte[] eap, Optional<String> message) implements LoginReply {}

    /**
     * The peer has to say more (EAP).
     *
     * @param eap the EAP packet for the peer
     * @param state to be sent back with the answer, as it is
     */
    record Challenged(byte[] eap, List<RadiusAttribute> state, OptionalLong timeout) implements LoginReply {}

    /**
     * What the server asks of MPPE (RFC 2548 sections 2.4.4 and 2.4.5). It can be stricter than the access server's own
     * policy, never looser.
     *
     * @param required whether it must be used
     * @param keyBits which lengths may be, empty: any
     */
    record EncryptionTerms(boolean required, Set<Integer> keyBits) {
        /** Nothing. */
        static final EncryptionTerms ANY = new EncryptionTerms(false, Set.of());
    }
}
