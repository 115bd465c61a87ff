package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;

/** What happens to sessions, for whoever counts and writes it down. All calls come on the control loop. */
public interface SessionEvents {

    /** A limit kept a client out. */
    void refused(Ipv4Address peer, Refusal refusal);

    /** A step of a login is done, this many milliseconds after the step before; {@link LoginStep#TCP} is not told. */
    void stepDone(LoginStep step, long millis);

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

    /** A connected session of another process goes on here: it counts neither as connected anew nor as a login. */
    void takenOver(Session session);

    /** A session is another process' from now on. */
    void handedOver(Session session);

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
