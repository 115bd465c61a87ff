package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;

/** What happens to sessions, for whoever counts and writes it down. All calls come on the control loop. */
public interface SessionEvents {

    /** The phases of a login, in the order in which most clients pass them. */
    enum Phase {
        /** Start-Control-Connection-Request came. */
        CONTROL,
        /** The call is connected. */
        CALL,
        /** LCP is open. */
        LCP,
        /** The user is known. */
        AUTHENTICATION,
        /** MPPE is agreed on. */
        CCP,
        /** The client has its address: it is connected. */
        NETWORK
    }

    /** A limit kept a client out. */
    void refused(Ipv4Address peer, Refusal refusal);

    /** A login came as far as {@code phase}, this many milliseconds after the phase before. */
    void phaseReached(Phase phase, long millis);

    /**
     * A login failed; the client may be allowed another try.
     *
     * @param username the user's configured name, or what the client claimed when nobody is called so
     * @param known whether there is such a user
     */
    void loginFailed(Ipv4Address peer, String username, boolean known, AuthMethod method, LoginFailure reason,
            String detail);

    /** A user is logged in and connected. */
    void connected(Session session);

    /** A connected session's routes are others now, because clients came or went whose way leads through them. */
    void rerouted(Session session);

    /** A session, connected or not, is over after this many milliseconds; it knows why. */
    void ended(Session session, long millis);

    /** A control connection is over that never came to a session. */
    void abandoned(Ipv4Address peer, String reason);

    /** Something odd that was survived. */
    void note(Ipv4Address peer, String text);

    /** A stateful MPPE stream had to be reset. */
    void mppeReset();

    /** Whether decoded packets of this peer are wanted. */
    boolean traces(Ipv4Address peer);

    /** A decoded packet of a peer that is traced; never with secrets. */
    void trace(Ipv4Address peer, String text);
}
