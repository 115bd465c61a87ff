package io.pptpoperator.protocol.ppp.lcp;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.List;

/**
 * What one end wants of LCP.
 *
 * @param mru the longest information field, in bytes, that this end announces it can receive
 * @param demanded the methods of which the peer must use one to prove who it is, best first; empty when it need not
 * @param acceptable the methods by which this end is ready to prove who it is, best first; empty when it is not
 */
public record LcpSettings(int mru, List<AuthMethod> demanded, List<AuthMethod> acceptable) {

    /** The smallest MRU that this end announces or takes from a peer, in bytes. */
    public static final int MIN_MRU = 128;
    /** The MRU of an end that says nothing, in bytes (RFC 1661 section 6.1). */
    public static final int DEFAULT_MRU = 1500;

    /**
     * Checks the MRU.
     *
     * @throws IllegalArgumentException when it is below {@link #MIN_MRU} or above {@link #DEFAULT_MRU}
     */
    public LcpSettings {
        if (mru < MIN_MRU || mru > DEFAULT_MRU) {
            throw new IllegalArgumentException("MRU " + mru + " is not between " + MIN_MRU + " and " + DEFAULT_MRU);
        }
        demanded = List.copyOf(demanded);
        acceptable = List.copyOf(acceptable);
    }
}
