package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.util.Optional;

/** What an authentication exchange asks its link to do. */
public sealed interface AuthAction {

    /** Send a packet: the PPP information field under {@code protocol}. */
    record Send(int protocol, byte[] packet) implements AuthAction {}

    /**
     * Have somebody decide (authenticator). {@link AuthExchange#answered} is awaited, which may come at once or later; until
     * then nothing is sent, and another question is asked only once this one is answered.
     */
    record Ask(LoginQuestion question) implements AuthAction {}

    /**
     * The exchange succeeded.
     *
     * @param username the user's configured name (authenticator), or the name this end used (peer)
     * @param mppeKeys present for MS-CHAP
     * @param grant what the link may have (authenticator), or {@link LoginGrant#NONE} (peer)
     */
    record Succeeded(String username, AuthMethod method, Optional<MppeStartKeys> mppeKeys,
            LoginGrant grant) implements AuthAction {}

    /**
     * The exchange failed for good; what had to be sent was sent before.
     *
     * @param username the name the peer gave, "" when it gave none
     * @param detail a sentence for the log, without secrets; from the peer's side it quotes the server's message
     */
    record Failed(String username, AuthMethod method, LoginFailure reason, String detail) implements AuthAction {}

    /** A try failed and another one was invited (MS-CHAP R=1): counted, but the link lives on. */
    record Retrying(String username, AuthMethod method, LoginFailure reason) implements AuthAction {}
}
