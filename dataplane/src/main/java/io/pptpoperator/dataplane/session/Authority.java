package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who decides about logins: the users of {@code users.yaml}, or a server elsewhere. All calls come on the control loop.
 *
 * <p>Names that nobody has must not be told from wrong passwords, neither by the verdict nor by the time that it takes.
 */
public interface Authority {

    /** What another process knows it by, which may have let in a user whose session goes on here. */
    default String name() {
        return "";
    }

    /** The one of this name among those that it asks; itself if it asks nobody. */
    default Authority called(String name) {
        return this;
    }

    /**
     * Decides a login.
     *
     * @param verdict to be told once, on the control loop: in this call or later, also when the peer has left meanwhile.
     *     What comes after the session has lost interest, or a second time, has no effect
     */
    void decide(LoginRequest request, Consumer<Verdict> verdict);

    /**
     * Why a user whom this authority let in may no longer be logged in; empty when nothing speaks against it. Answers at
     * once, and is asked several times a second for each session.
     *
     * @param source the client's address
     */
    Optional<String> objection(String username, Ipv4Address source, Instant time);

    /**
     * What a user whom this authority let in may have by now, where it knows without asking anybody; empty where what it
     * said at the login stands until it says something else.
     */
    default Optional<Terms> terms(String username) {
        return Optional.empty();
    }
}
