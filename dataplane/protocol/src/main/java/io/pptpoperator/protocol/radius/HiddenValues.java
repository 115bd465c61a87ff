package io.pptpoperator.protocol.radius;

import java.util.Arrays;

/** Values that the shared secret hides (RFC 2865 section 5.2, RFC 2548 section 2.4.2). Hides; it does not protect. */
final class HiddenValues {
    private static final int BLOCK = 16;
    private static final int LONGEST_PASSWORD = 128;
    private static final int SALT = 2;

    private HiddenValues() {}

    /**
     * Hides a User-Password.
     *
     * @param password at most 128 bytes
     * @throws IllegalArgumentException when it is longer
     */
    static byte[] hidePassword(byte[] password, byte[] secret, byte[] requestAuthenticator) {
        if (password.length > LONGEST_PASSWORD) {
            throw new IllegalArgumentException(
                    "a User-Password has at most " + LONGEST_PASSWORD + " bytes, not " + password.length);
        }
        byte[] padded = Arrays.copyOf(password, Math.max(1, (password.length + BLOCK - 1) / BLOCK) * BLOCK);
        return crypt(padded, true, secret, requestAuthenticator);
    }

    /** What {@link #hidePassword} hid, with the zeros that fill its last block. */
    static byte[] revealBlocks(byte[] hidden, byte[] secret, byte[] requestAuthenticator) {
        return crypt(hidden, false, secret, requestAuthenticator);
    }

    /** Each block's stream comes of the hidden block before it, whichever way it goes. */
    private static byte[] crypt(byte[] from, boolean hides, byte[] secret, byte[] first) {
        byte[] to = new byte[from.length];
        byte[] hidden = hides ? to : from;
        byte[] chain = first;
        for (int at = 0; at < from.length; at += BLOCK) {
            byte[] stream = PacketAuthentication.md5(secret, chain);
            for (int k = 0; k < BLOCK; k++) {
                to[at + k] = (byte) (from[at + k] ^ stream[k]);
            }
            chain = Arrays.copyOfRange(hidden, at, at + BLOCK);
        }
        return to;
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

    /** Two arrays, one behind the other. */
    static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
