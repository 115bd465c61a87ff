package io.pptpoperator.protocol.radius;

import java.util.Arrays;

/** Values that the shared secret hides (RFC 2865 section 5.2, RFC 2548 section 2.4.2). Hides; it does not protect. */
final class HiddenValues {
    private static final int BLOCK = 16;
    private static final int SALT = 2;

    private HiddenValues() {}

    /**
     * Hides a User-Password.
     *
     * @param password at most 128 bytes
     * @throws IllegalArgumentException when it is longer
     */
    static byte[] hidePassword(byte[] password, byte[] secret, byte[] requestAuthenticator) {
        if (password.length > AccessEvidence.LONGEST_PASSWORD) {
            throw new IllegalArgumentException("a User-Password has at most " + AccessEvidence.LONGEST_PASSWORD
                    + " bytes, not " + password.length);
        }
        byte[] padded = Arrays.copyOf(password, Math.max(1, (password.length + BLOCK - 1) / BLOCK) * BLOCK);
        return hide(padded, secret, requestAuthenticator);
    }

    /** What {@link #hidePassword} hid, with the zeros that fill its last block. */
    static byte[] revealBlocks(byte[] hidden, byte[] secret, byte[] requestAuthenticator) {
        byte[] clear = new byte[hidden.length];
        byte[] chain = requestAuthenticator;
        for (int at = 0; at < hidden.length; at += BLOCK) {
            byte[] stream = PacketAuthentication.md5(secret, chain);
            for (int k = 0; k < BLOCK; k++) {
                clear[at + k] = (byte) (hidden[at + k] ^ stream[k]);
            }
            chain = Arrays.copyOfRange(hidden, at, at + BLOCK);
        }
        return clear;
    }

    private static byte[] hide(byte[] padded, byte[] secret, byte[] first) {
        byte[] hidden = new byte[padded.length];
        byte[] chain = first;
        for (int at = 0; at < padded.length; at += BLOCK) {
            byte[] stream = PacketAuthentication.md5(secret, chain);
            for (int k = 0; k < BLOCK; k++) {
                hidden[at + k] = (byte) (padded[at + k] ^ stream[k]);
            }
            chain = Arrays.copyOfRange(hidden, at, at + BLOCK);
        }
        return hidden;
    }

    /**
     * Hides an MPPE key as a server does.
     *
     * @param salt two bytes, the first with its top bit set, used once in a packet
     */
    static byte[] hideKey(byte[] key, byte[] salt, byte[] secret, byte[] requestAuthenticator) {
        byte[] padded = new byte[(1 + key.length + BLOCK - 1) / BLOCK * BLOCK];
        padded[0] = (byte) key.length;
        System.arraycopy(key, 0, padded, 1, key.length);
        byte[] hidden = hide(padded, secret, join(requestAuthenticator, salt));
        return join(salt, hidden);
    }

    /**
     * Reveals an MPPE key.
     *
     * @param value an MS-MPPE-Send-Key's or MS-MPPE-Recv-Key's: a salt, and whole blocks
     * @throws RadiusException when it is no hidden key, or hidden with another secret
     */
    static byte[] revealKey(byte[] value, byte[] secret, byte[] requestAuthenticator) throws RadiusException {
        int length = value.length - SALT;
        if (length < BLOCK || length % BLOCK != 0) {
            throw new RadiusException("an MPPE key of " + value.length + " bytes is not hidden as RFC 2548 says");
        }
        byte[] salt = Arrays.copyOf(value, SALT);
        byte[] clear = revealBlocks(Arrays.copyOfRange(value, SALT, value.length), secret,
                join(requestAuthenticator, salt));
        int keyLength = clear[0] & 0xff;
        if (keyLength == 0 || keyLength >= clear.length) {
            throw new RadiusException("an MPPE key says that it has " + keyLength + " of " + (clear.length - 1)
                    + " bytes: it was hidden with another secret");
        }
        return Arrays.copyOfRange(clear, 1, 1 + keyLength);
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
