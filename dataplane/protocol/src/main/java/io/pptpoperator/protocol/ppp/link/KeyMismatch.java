package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.Optional;

/** What shows that the two ends of a link have different keys, and how much of it is borne. */
final class KeyMismatch {
    /** How often in a row nothing of what the peer encrypted was decrypted. */
    private int hopeless;
    private long hopelessSince;
    /** Whether the peer has shown that it cannot decrypt, which is told once. */
    private boolean peersIsTold;

    KeyMismatch() {}

    /** What another one knew of. */
    KeyMismatch(LinkSnapshot known) {
        hopeless = known.hopeless();
        hopelessSince = known.hopelessSince();
        peersIsTold = known.peersMismatchTold();
    }

    int hopeless() {
        return hopeless;
    }

    long hopelessSince() {
        return hopelessSince;
    }

    boolean peersIsTold() {
        return peersIsTold;
    }

    /**
     * Nothing of what the peer encrypts decrypts.
     *
     * @return whether other keys may help: they do not when the last ones were of no use either
     */
    boolean mayNewKeysHelp(long now) {
        if (hopeless++ > 0) {
            return false;
        }
        hopelessSince = now;
        return true;
    }

    /** An encrypted packet was decrypted at {@code when}. */
    void decryptedAt(long when) {
        hopeless = when > hopelessSince ? 0 : hopeless;
    }

    /** The peer rejects a protocol that was never sent to it, which comes of decrypting with another key: what to note. */
    Optional<String> rejectedByPeer(int protocol, Optional<AuthMethod> method) {
        if (peersIsTold) {
            return Optional.empty();
        }
        peersIsTold = true;
        String fault = method.equals(Optional.of(AuthMethod.MSCHAPV1))
                ? ". pppd 2.5.0 to 2.5.2 do so after MS-CHAPv1, with a key of zeros: have it log in with MS-CHAPv2"
                : "";
        return Optional.of("the peer rejects protocol %04x, which was never sent to it".formatted(protocol)
                + ": it decrypts with other keys than this end encrypts with" + fault);
    }
}
