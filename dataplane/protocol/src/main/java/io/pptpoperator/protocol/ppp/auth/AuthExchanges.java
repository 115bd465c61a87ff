package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;

/** Makes the exchange of any method, for either side of a link. */
public final class AuthExchanges {

    private AuthExchanges() {}

    /**
     * The side that has the peer prove itself, and asks whether it has.
     *
     * @param random makes the challenges
     */
    public static AuthExchange authenticator(AuthMethod method, AuthenticatorSettings settings, SecureRandom random) {
        return switch (method) {
            case PAP -> new PapAuthenticator();
            case EAP -> new EapAuthenticator(random);
            case MSCHAPV2, MSCHAPV1, CHAP_MD5 -> new ChapAuthenticator(method, settings, random);
        };
    }

    /**
     * The side that proves its password.
     *
     * @param username may begin with {@code DOMAIN\}
     * @param random makes MS-CHAPv2's peer challenge
     * @throws IllegalArgumentException when name or password is too long for the method
     */
    public static AuthExchange peer(AuthMethod method, String username, String password, SecureRandom random) {
        if (method == AuthMethod.PAP) {
            return new PapPeer(username, password);
        }
        byte[] name = username.getBytes(UTF_8);
        if (name.length > WireText.MAX_NAME) {
            throw new IllegalArgumentException("a name of " + name.length
                    + " bytes is too long for CHAP, where it has at " + "most " + WireText.MAX_NAME);
        }
        return new ChapPeer(ChapProver.of(method, name, password, random), username);
    }
}
