package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.auth.AuthExchange;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;

/** Makes the exchange for the method that LCP agreed on, once for every time that a link authenticates. */
@FunctionalInterface
public interface AuthExchangeFactory {

    /** A fresh exchange of {@code method}, in the role of the link that asks. */
    AuthExchange create(AuthMethod method);
}
