package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.ppp.auth.AuthenticatorSettings;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.EnumSet;
import java.util.Set;

/** How far a login has come, since when, and until when it must be complete. Times are milliseconds. */
final class LoginProgress {

    /** A login without a loss takes nine; the rest is for what gets lost. */
    private static final long ROUND_TRIPS = 15;
    /** What takes longer, in milliseconds, is a slow client rather than a long path. */
    private static final long LONGEST_ROUND_TRIP = 5_000;

    private final Set<LoginStep> done = EnumSet.noneOf(LoginStep.class);
    private long since;
    private long end;
    /** What the path takes of the time, which is not the client's fault. */
    private long forThePath;

    /** @param timeout how long a login may take */
    LoginProgress(long now, long timeout) {
        since = now;
        end = now + timeout;
    }

    /** A step is done; returns how long it took. */
    long done(LoginStep step, long now) {
        long took = now - since;
        done.add(step);
        since = now;
        return took;
    }

    /** An answer of the client took so long to come. */
    void pathMeasured(long roundTrip) {
        long needed = ROUND_TRIPS * Math.min(roundTrip, LONGEST_ROUND_TRIP);
        end += needed - forThePath;
        forThePath = needed;
    }

    /** A person has to type another password; the rest of the login has its time after that. */
    void anotherTryInvited(long now, long timeout) {
        end = now + AuthenticatorSettings.RETRY_MILLIS + timeout + forThePath;
    }

    /** When the login has used up its time. */
    long deadline() {
        return end;
    }

    /**
     * Why a login is not complete that has used up its time, and has got as far as a call.
     *
     * @param heard whether anything came through the tunnel
     * @param undecided whether an answer about it is awaited
     * @param encrypted whether there has to be encryption
     */
    LinkAction.Terminated lateness(boolean heard, boolean undecided, boolean encrypted) {
        if (!heard) {
            return new LinkAction.Terminated(TerminationReason.NO_ANSWER,
                    "nothing arrived through the tunnel within authentication.timeout: "
                            + "is GRE (IP protocol 47) let through in both directions?");
        } else if (undecided) {
            return new LinkAction.Terminated(TerminationReason.AUTHENTICATION_FAILED,
                    "nobody decided about the login within authentication.timeout");
        }
        return new LinkAction.Terminated(TerminationReason.NEGOTIATION_FAILED,
                "the login took longer than authentication.timeout: the client did not complete " + missing(encrypted));
    }

    private String missing(boolean encrypted) {
        if (!done.contains(LoginStep.LCP)) {
            return "LCP";
        } else if (!done.contains(LoginStep.AUTHENTICATION)) {
            return "its authentication";
        }
        return encrypted && !done.contains(LoginStep.ENCRYPTION)
                ? "CCP, without which there is no encryption"
                : "IPCP, without which it has no address";
    }
}
