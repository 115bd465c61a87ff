package io.pptpoperator.protocol.mppe;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-1 as MS-CHAP and MPPE use it: over several byte strings in a row. */
public final class Sha1 {

    private Sha1() {}

    /** The 20-byte digest of the parts one after the other. */
    public static byte[] digest(byte[]... parts) {
        MessageDigest sha1 = create();
        for (byte[] part : parts) {
            sha1.update(part);
        }
        return sha1.digest();
    }

    static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
