package io.pptpoperator.protocol.mppe;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** RFC 3079 and RC4 in the slow, obvious way, on the JDK's own algorithms: what the fast code is compared with. */
final class ReferenceKeys {
    private final MppeStrength strength;
    private final byte[] startKey;
    private byte[] key;

    ReferenceKeys(MppeStrength strength, byte[] startKey) {
        this.strength = strength;
        this.startKey = startKey;
        key = reduced(interimKey(startKey));
    }

    byte[] key() {
        return key;
    }

    void advance() {
        byte[] interim = interimKey(key);
        try {
            key = reduced(cipher(interim).doFinal(interim));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A fresh RC4 stream of the current key. */
    Cipher cipher() {
        return cipher(key);
    }

    static Cipher cipher(byte[] key) {
        try {
            Cipher cipher = Cipher.getInstance("RC4");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "RC4"));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] interimKey(byte[] sessionKey) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-1");
            sha.update(startKey);
            sha.update(new byte[40]);
            sha.update(sessionKey);
            byte[] pad = new byte[40];
            Arrays.fill(pad, (byte) 0xf2);
            sha.update(pad);
            return Arrays.copyOf(sha.digest(), startKey.length);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] reduced(byte[] sessionKey) {
        switch (strength) {
            case BITS_40 -> {
                sessionKey[0] = (byte) 0xd1;
                sessionKey[1] = 0x26;
                sessionKey[2] = (byte) 0x9e;
            }
            case BITS_56 -> sessionKey[0] = (byte) 0xd1;
            case BITS_128 -> {
            }
        }
        return sessionKey;
    }
}
