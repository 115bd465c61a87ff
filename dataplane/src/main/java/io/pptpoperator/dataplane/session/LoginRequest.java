package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;

/**
 * A login that an {@link Authority} is to decide.
 *
 * @param session the session's name in the administration interface
 * @param peer the client's address
 * @param local the address that the client dialled
 * @param question what the client claims to be, and how it proves that
 */
public record LoginRequest(String session, Ipv4Address peer, Ipv4Address local, LoginQuestion question) {}
