package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.util.List;

/**
 * Who logs in, and how.
 *
 * @param username may begin with {@code DOMAIN\}
 * @param password its text form is hidden
 * @param methods those allowed, best first; at least one
 */
public record Login(String username, Credentials.Password password, List<AuthMethod> methods) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when no method is allowed
     */
    public Login {
        methods = List.copyOf(methods);
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("a login needs at least one authentication method");
        }
    }
}
