package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import java.util.Optional;

/** The hashes that MS-CHAP verifies with, from either kind of credentials. */
final class NtHashes {

    private NtHashes() {}

    /** The NT hash; it takes as long to look one up as to compute one, so that nobody learns which it was. */
    static byte[] ntHash(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Password(String password) -> MsChap.ntPasswordHash(password);
            case Credentials.NtHash(byte[] hash) -> {
                MsChap.ntPasswordHash("any password");
                yield hash;
            }
        };
    }

    /** The LAN Manager hash where the password is known and has one. */
    static Optional<byte[]> lmHash(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Password(String password) -> MsChap.lmPasswordHash(password);
            case Credentials.NtHash ignored -> Optional.empty();
        };
    }
}
