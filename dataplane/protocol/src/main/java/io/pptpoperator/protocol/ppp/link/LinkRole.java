package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.List;

/** Which end of the link this is: PPP's two ends differ only in who proves a name and who hands out addresses. */
public sealed interface LinkRole {

    /** The methods allowed, best first; at least one. */
    List<AuthMethod> methods();

    /** Makes this end's side of the exchange. */
    AuthExchangeFactory exchanges();

    /**
     * The end that demands a login and hands out addresses.
     *
     * @param exchanges makes the authenticator's side
     */
    record Server(List<AuthMethod> methods, AuthExchangeFactory exchanges) implements LinkRole {

        /**
         * Checks the methods.
         *
         * @throws IllegalArgumentException when there are none
         */
        public Server {
            methods = atLeastOne(methods);
        }
    }

    /**
     * The end that logs in and asks for addresses.
     *
     * @param exchanges makes the peer's side
     * @param wish the address to ask for, 0.0.0.0 for any
     * @param askNameServers whether to ask for DNS and WINS servers
     */
    record Client(List<AuthMethod> methods, AuthExchangeFactory exchanges, Ipv4Address wish,
            boolean askNameServers) implements LinkRole {

        /**
         * Checks the methods.
         *
         * @throws IllegalArgumentException when there are none
         */
        public Client {
            methods = atLeastOne(methods);
        }
    }

    private static List<AuthMethod> atLeastOne(List<AuthMethod> methods) {
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("a link needs at least one authentication method");
        }
        return List.copyOf(methods);
    }
}
