package io.pptpoperator.protocol.mppe;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * SHA-1 of start key, 40 bytes 0x00, session key, 40 bytes 0xF2: the first half of every MPPE key change (RFC 3079
 * section 2.4, GetNewKeyFromSHA). The JDK's SHA-1 uses the processor's SHA instructions and allocates nothing: three
 * times as fast as anything written in Java.
 */
final class SessionKeyDigest {
    private static final int PAD = 40;

    private final MessageDigest sha1 = Sha1.create();
    private final byte[] longBlock = block(16);
    private final byte[] shortBlock = block(8);
    private final byte[] digest = new byte[20];

    private static byte[] block(int keyLength) {
        byte[] block = new byte[2 * (keyLength + PAD)];
        Arrays.fill(block, block.length - PAD, block.length, (byte) 0xf2);
        return block;
    }

    /** Overwrites {@code sessionKey} with the interim key that follows it; keys are as long as {@code startKey}. */
    void interimKey(byte[] startKey, byte[] sessionKey) {
        int length = startKey.length;
        byte[] block = length == 16 ? longBlock : shortBlock;
        System.arraycopy(startKey, 0, block, 0, length);
        System.arraycopy(sessionKey, 0, block, length + PAD, length);
        sha1.update(block, 0, block.length);
        try {
            sha1.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new AssertionError("SHA-1 has 20 bytes", e);
        }
        System.arraycopy(digest, 0, sessionKey, 0, length);
    }
}
