package io.pptpoperator.protocol.ppp.lcp;

import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.Optional;

/** LCP's options that this end understands (RFC 1661 section 6, RFC 1662 section 7.1) and their values. */
final class LcpOption {
    /** Maximum-Receive-Unit, 16 bits. */
    static final int MRU = 1;
    /** Async-Control-Character-Map, 32 bits; without a meaning over GRE, but Linux peers send it. */
    static final int ACCM = 2;
    /** Authentication-Protocol: its number, and an algorithm for CHAP. */
    static final int AUTHENTICATION = 3;
    /** Magic-Number, 32 bits. */
    static final int MAGIC = 5;
    /** Protocol-Field-Compression. */
    static final int PFC = 7;
    /** Address-and-Control-Field-Compression. */
    static final int ACFC = 8;

    private LcpOption() {}

    /** The option that names {@code method}. */
    static ConfigureOption authentication(AuthMethod method) {
        byte high = (byte) (method.protocol() >>> 8);
        byte low = (byte) method.protocol();
        return new ConfigureOption(AUTHENTICATION,
                method.algorithm() < 0 ? new byte[]{high, low} : new byte[]{high, low, (byte) method.algorithm()});
    }

    /** The method that {@code option} names, when it is one of those known. */
    static Optional<AuthMethod> method(ConfigureOption option) {
        for (AuthMethod method : AuthMethod.values()) {
            if (authentication(method).equals(option)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }
}
