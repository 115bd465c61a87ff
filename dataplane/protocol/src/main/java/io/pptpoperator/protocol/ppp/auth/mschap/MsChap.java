package io.pptpoperator.protocol.ppp.auth.mschap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** What both versions of MS-CHAP compute (RFC 2433 appendix A). */
public final class MsChap {
    private static final byte[] LM_TEXT = "KGS!@#$%".getBytes(US_ASCII);
    private static final int LM_PASSWORD = 14;

    private MsChap() {}

    /** NtPasswordHash: MD4 of the password in UTF-16LE, 16 bytes. */
    public static byte[] ntPasswordHash(String password) {
        return Md4.digest(password.getBytes(UTF_16LE));
    }

    /** HashNtPasswordHash: MD4 of the NT hash, 16 bytes (RFC 2759 section 8.4). */
    public static byte[] passwordHashHash(byte[] ntPasswordHash) {
        return Md4.digest(ntPasswordHash);
    }

    /**
     * LmPasswordHash: the LAN Manager hash, 16 bytes. Empty for a password that has none everywhere: one with other
     * than ASCII characters, whose upper case depends on a code page, or longer than 14 characters.
     */
    public static Optional<byte[]> lmPasswordHash(String password) {
        if (password.length() > LM_PASSWORD || !US_ASCII.newEncoder().canEncode(password)) {
            return Optional.empty();
        }
        byte[] upperCase = Arrays.copyOf(password.toUpperCase(Locale.ROOT).getBytes(US_ASCII), LM_PASSWORD);
        byte[] hash = new byte[16];
        des(upperCase, 0, LM_TEXT, hash, 0);
        des(upperCase, 7, LM_TEXT, hash, 8);
        return Optional.of(hash);
    }

    /**
     * ChallengeResponse: the challenge encrypted with three DES keys made of the hash, 24 bytes.
     *
     * @param challenge 8 bytes
     * @param passwordHash 16 bytes, NT or LM
     */
    public static byte[] challengeResponse(byte[] challenge, byte[] passwordHash) {
        byte[] keys = Arrays.copyOf(passwordHash, 21);
        byte[] response = new byte[24];
        for (int k = 0; k < 3; k++) {
            des(keys, 7 * k, challenge, response, 8 * k);
        }
        return response;
    }

    /** DesEncrypt: encrypts eight bytes with the 56 bits of key that stand at {@code keyOffset}. */
    private static void des(byte[] keys, int keyOffset, byte[] clear, byte[] encrypted, int offset) {
        byte[] key = withParityBits(keys, keyOffset);
        try {
            // RFC 2433 and 2759 are built on DES and stay so; its weakness is why MS-CHAP needs a trusted path.
            Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            cipher.doFinal(clear, 0, 8, encrypted, offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no DES, which MS-CHAP needs", e);
        }
    }

    /** Spreads 56 bits over eight bytes, seven to each; nobody checks the parity bits that fill them. */
    static byte[] withParityBits(byte[] keys, int offset) {
        long bits = 0;
        for (int k = 0; k < 7; k++) {
            bits = bits << 8 | keys[offset + k] & 0xff;
        }
        byte[] key = new byte[8];
        for (int k = 0; k < 8; k++) {
            key[k] = (byte) (bits >>> 49 - 7 * k << 1);
        }
        return key;
    }
}
