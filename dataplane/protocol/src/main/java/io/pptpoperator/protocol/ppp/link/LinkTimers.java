package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.RestartPolicy;

/**
 * How long a link waits for what.
 *
 * @param restart the automata's timer and counters
 * @param phaseMillis how long LCP may take to open, and CCP and IPCP to bring the network up: the automata alone would
 *     talk for ever with a peer that answers but never agrees
 * @param authenticationMillis how long one try to log in may take; a person may be typing a password
 * @param encryptionGraceMillis how long a link that prefers encryption waits for CCP once IPCP is open, before it goes
 *     on in clear; also how long IPCP waits for CCP to go first
 */
public record LinkTimers(RestartPolicy restart, long phaseMillis, long authenticationMillis,
        long encryptionGraceMillis) {

    /** Milliseconds that a link's orderly end may take until the call is cleared all the same, at either end. */
    public static final long ORDERLY_END = 700;

    /** A minute for each phase and three seconds for encryption to come up after IPCP. */
    public static final LinkTimers STANDARD = new LinkTimers(RestartPolicy.STANDARD, 60_000, 60_000, 3_000);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a time is not positive; the grace may be 0
     */
    public LinkTimers {
        if (phaseMillis <= 0 || authenticationMillis <= 0 || encryptionGraceMillis < 0) {
            throw new IllegalArgumentException("link timers of " + phaseMillis + " ms for a phase, "
                    + authenticationMillis + " ms for a login and " + encryptionGraceMillis
                    + " ms of grace; the first two must be positive and the last not negative");
        }
    }
}
