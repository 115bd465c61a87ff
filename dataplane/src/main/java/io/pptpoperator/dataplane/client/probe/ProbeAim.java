package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import java.util.List;

/**
 * What a probe was asked to find out.
 *
 * @param server name or address as given
 * @param port TCP port
 * @param withLogin whether there is a user to log in; otherwise the probe ends with LCP
 * @param methods authentication methods allowed here
 * @param encryption what is asked of encryption here
 */
public record ProbeAim(String server, int port, boolean withLogin, List<AuthMethod> methods,
        EncryptionPolicy encryption) {

    /** Copies the list. */
    public ProbeAim {
        methods = List.copyOf(methods);
    }
}
