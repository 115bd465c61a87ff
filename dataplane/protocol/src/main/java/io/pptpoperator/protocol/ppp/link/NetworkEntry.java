package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.ipcp.IpcpClientOptions;
import io.pptpoperator.protocol.ppp.ipcp.IpcpOptions;
import io.pptpoperator.protocol.ppp.ipcp.IpcpServerOptions;
import java.util.Optional;

/** Whether a link may go on to its network phase after the login, and with what. */
sealed interface NetworkEntry {

    /** It may. */
    record Open(IpcpOptions addresses, EncryptionSettings encryption) implements NetworkEntry {}

    /** It ends instead. */
    record Refused(TerminationReason reason, String detail) implements NetworkEntry {}

    /**
     * Decides.
     *
     * @param username the user's, "" without a login
     * @param method of the login, if there was one
     * @param wasEncrypted whether the link was encrypted before, with the keys of an earlier login
     * @param encryption what the link wants
     */
    static NetworkEntry of(LinkRole role, String username, Optional<AuthMethod> method, LoginGrant grant,
            boolean wasEncrypted, EncryptionSettings encryption) {
        Optional<IpcpOptions> addresses = switch (role) {
            case LinkRole.Server server -> grant.addresses().map(IpcpServerOptions::new);
            case LinkRole.Client client -> Optional.of(new IpcpClientOptions(client.wish(), client.askNameServers()));
        };
        if (addresses.isEmpty()) {
            return new Refused(TerminationReason.NO_ADDRESS, "no address is left for " + username);
        }
        if (wasEncrypted && method.equals(Optional.of(AuthMethod.MSCHAPV1))) {
            // Its keys depend on nothing that this end of the link chooses, and the short ones on the password alone.
            return new Refused(TerminationReason.ENCRYPTION_REFUSED, "a second login with "
                    + AuthMethod.MSCHAPV1.label() + " may yield the keys of the first, which were used");
        }
        return encryption.with(grant.encryption())
                .<NetworkEntry>map(allowed -> new Open(addresses.get(), allowed))
                .orElseGet(() -> new Refused(TerminationReason.ENCRYPTION_REFUSED,
                        "encryption is required, but none of the key lengths allowed here is allowed to this login"));
    }
}
