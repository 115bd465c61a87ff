package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.Ccp;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ipcp.Ipcp;
import io.pptpoperator.protocol.ppp.lcp.Lcp;
import java.util.Optional;

/**
 * A server's link whose network is up and which negotiates nothing: all that another one needs to go on in its place.
 *
 * @param lcp LCP
 * @param method how the peer has logged in, if it had to
 * @param ipcp IPCP
 * @param encryption whether and how it is encrypted
 * @param lcpRestarts how often the peer has begun LCP anew in vain
 * @param wasEncrypted whether it was encrypted in an earlier network phase
 * @param pathMillis the round trip as the control connection saw it
 * @param hopeless how often in a row nothing of the peer's was decrypted
 * @param hopelessSince since when, in milliseconds of the monotonic clock
 * @param peersMismatchTold whether it was told that the peer decrypts with other keys
 */
public record LinkSnapshot(Lcp.Snapshot lcp, Optional<AuthMethod> method, Ipcp.Snapshot ipcp, Encryption encryption,
        int lcpRestarts, boolean wasEncrypted, long pathMillis, int hopeless, long hopelessSince,
        boolean peersMismatchTold) {

    /**
     * Encryption that is settled.
     *
     * @param policy what is wanted
     * @param keys the start keys of the login, if it yielded any
     * @param up whether CCP has agreed on it; otherwise the link goes on in clear
     * @param receiving what the peer encrypts with
     * @param wasUp whether it was ever agreed on
     * @param ccp CCP, where it is spoken
     */
    public record Encryption(EncryptionPolicy policy, Optional<MppeStartKeys> keys, boolean up,
            Optional<MppeParameters> receiving, boolean wasUp, Optional<Ccp.Snapshot> ccp) {}
}
