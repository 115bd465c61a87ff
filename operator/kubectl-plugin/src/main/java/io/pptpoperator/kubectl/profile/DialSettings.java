package io.pptpoperator.kubectl.profile;

import io.pptpoperator.crds.Authentication.Method;
import io.pptpoperator.crds.Encryption;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What a client has to be told to connect. Its text form never shows the password.
 *
 * @param name what the connection is called on the client
 * @param server address or host name to dial
 * @param username who logs in
 * @param password the password, when it is to be in the settings
 * @param methods what the server accepts, strongest first
 * @param encryption what the server asks of encryption
 * @param keyLengths MPPE key lengths that the server accepts
 * @param stateful whether the server accepts stateful MPPE
 * @param destinations networks to reach through the tunnel; empty: everything
 */
record DialSettings(String name, String server, String username, Optional<String> password, List<Method> methods,
        Encryption.Policy encryption, List<Integer> keyLengths, boolean stateful, List<Ipv4Prefix> destinations) {

    /** The settings for one user of one server. */
    static DialSettings of(PptpServer server, VpnUser user, String address, Optional<String> password,
            List<Ipv4Prefix> destinations) {
        Encryption encryption = server.getSpec().encryption();
        return new DialSettings(server.getMetadata().getName(), address, user.username(), password,
                server.getSpec().authentication().methods().stream().filter(it -> it != Method.EAP).sorted().toList(),
                encryption.policy(), encryption.keyLengths(), Boolean.TRUE.equals(encryption.allowStateful()),
                destinations);
    }

    /** Whether only some networks lie behind the tunnel. */
    boolean isSplit() {
        return !destinations.isEmpty();
    }

    /** Whether the server takes a method. */
    boolean accepts(Method method) {
        return methods.contains(method);
    }

    @Override
    public String toString() {
        return "DialSettings[" + username + " at " + server + "]";
    }
}
