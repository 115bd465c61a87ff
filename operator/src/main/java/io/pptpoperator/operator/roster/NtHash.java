package io.pptpoperator.operator.roster;

import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.MD4Digest;

/** The NT hash of a password: MD4 of its UTF-16LE (RFC 2759 section 8.3). */
public final class NtHash {

    private NtHash() {}

    /** Hashes a password. */
    public static Credentials.NtHash of(String password) {
        byte[] unicode = password.getBytes(StandardCharsets.UTF_16LE);
        var md4 = new MD4Digest();
        md4.update(unicode, 0, unicode.length);
        byte[] hash = new byte[md4.getDigestSize()];
        md4.doFinal(hash, 0);
        return new Credentials.NtHash(hash);
    }
}
