package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The response value of plain CHAP (RFC 1994 section 4.1). */
final class ChapMd5 {

    private ChapMd5() {}

    static byte[] response(int identifier, String password, byte[] challenge) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update((byte) identifier);
            md5.update(password.getBytes(UTF_8));
            return md5.digest(challenge);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no MD5, which CHAP needs", e);
        }
    }
}
