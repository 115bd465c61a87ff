package io.pptpoperator.protocol.ppp.auth;

/**
 * How a server authenticates.
 *
 * @param serverName what challenges carry as the server's name: 1 to 255 characters
 * @param retries how many further passwords a peer may try on one link with MS-CHAP: 0 to 10
 */
public record AuthenticatorSettings(String serverName, int retries) {
    /** Milliseconds that a person gets to type another password. */
    public static final long RETRY_MILLIS = 60_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a value lies outside its own
     */
    public AuthenticatorSettings {
        if (serverName.isEmpty() || serverName.length() > 255) {
            throw new IllegalArgumentException("the server's name has 1 to 255 characters, not " + serverName.length());
        }
        if (retries < 0 || retries > 10) {
            throw new IllegalArgumentException("retries are 0 to 10, not " + retries);
        }
    }
}
