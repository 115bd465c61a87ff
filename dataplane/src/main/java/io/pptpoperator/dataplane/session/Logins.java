package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.ServerConfig.SessionPolicy.WhenExceeded;
import io.pptpoperator.protocol.address.AddressLeases;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Who may log in and who has: the authority, guessing, sessions per user, and the leases of addresses. */
final class Logins {

    /** Ends a session in order. */
    @FunctionalInterface
    interface Ending {
        void end(Session session, TerminationReason why, String sentence, long now);
    }

    private final InstantSource clock;
    private final LongSupplier millis;
    private final PeerAddresses peers;
    private final Ending ending;
    private final LocalUsers localUsers;
    private final Authority authority;
    private final AddressLeases leases;
    private final BiConsumer<Ipv4Address, String> notes;
    private final LoginBackoff backoff = new LoginBackoff();
    /** Sessions with a proven password, oldest first. */
    private final Map<String, List<Session>> byUser = new LinkedHashMap<>();
    private ServerConfig config;
    private Profiles profiles;

    /**
     * Nobody has logged in.
     *
     * @param authorities makes the authority of the one that knows the users of {@code users.yaml}
     * @param clock tells the time of day
     * @param millis the monotonic clock, in milliseconds
     * @param peers what is lent must not be one of them
     * @param notes hears of a client what is worth a line in the log
     */
    Logins(Configuration configuration, Function<LocalUsers, Authority> authorities, InstantSource clock,
            LongSupplier millis, SecureRandom random, PeerAddresses peers, Ending ending,
            BiConsumer<Ipv4Address, String> notes) {
        Users users = new Users(configuration.users());
        config = configuration.server();
        profiles = new Profiles(configuration.profiles());
        localUsers = new LocalUsers(users, clock, random);
        authority = authorities.apply(localUsers);
        leases = new AddressLeases(config.network().addressPool(), users.staticAddresses());
        this.clock = clock;
        this.millis = millis;
        this.peers = peers;
        this.ending = ending;
        this.notes = notes;
    }

    /** Applies a changed configuration, to logins that are decided from now on. */
    void configure(Configuration changed) {
        Users users = new Users(changed.users());
        config = changed.server();
        profiles = new Profiles(changed.profiles());
        localUsers.change(users);
        leases.change(config.network().addressPool(), users.staticAddresses());
    }

    /** The users of {@code users.yaml}. */
    Users users() {
        return localUsers.users();
    }

    /** The profiles of {@code users.profiles.yaml}. */
    Profiles profiles() {
        return profiles;
    }

    AddressLeases leases() {
        return leases;
    }

    /** What is remembered beside the sessions. */
    LoginMemory memory() {
        return new LoginMemory(backoff.left(), backoff.known(),
                leases.former()
                        .entrySet()
                        .stream()
                        .map(it -> new LoginMemory.Former(it.getKey(), it.getValue()))
                        .toList());
    }

    /** Remembers what another process did; its sessions come after it. */
    void remember(LoginMemory memory) {
        backoff.goOn(memory, millis.getAsLong());
        memory.former().forEach(it -> leases.remember(it.user(), it.address()));
    }

    /** The user's sessions, oldest first. */
    List<Session> sessionsOf(String username) {
        return List.copyOf(byUser.getOrDefault(username, List.of()));
    }

    /** The addresses that clients have now, those outside a changed pool among them. */
    List<Ipv4Address> leasedAddresses() {
        return byUser.values().stream().flatMap(List::stream).map(Session::address).flatMap(Optional::stream).toList();
    }

    /**
     * Why a session has to end.
     *
     * @param why what it is
     * @param sentence the same for the log
     */
    record Objection(TerminationReason why, String sentence) {}

    /** Why this session's user may no longer be logged in; empty when nothing speaks against it, or nobody is. */
    Optional<Objection> objection(Session session, Instant time) {
        return session.login()
                .authority()
                .flatMap(by -> by.objection(session.username().orElseThrow(), session.peer(), time)
                        .map(it -> new Objection(TerminationReason.USER_CHANGED, it))
                        .or(() -> profiles.refusal(session.terms(), time).map(it -> objection(it, session.terms()))));
    }

    private static Objection objection(LoginFailure why, Terms terms) {
        String profile = terms.profile().orElse("");
        return why == LoginFailure.OUTSIDE_HOURS
                ? new Objection(TerminationReason.SESSION_TIMEOUT, "the hours of profile " + profile + " are over")
                : new Objection(TerminationReason.USER_CHANGED, "there is no profile " + profile + " any more");
    }

    /** Whether the session's address, if it has one, may no longer be lent to its user. */
    boolean hasLostAddress(Session session) {
        return !(session.terms().address() instanceof Terms.AddressWish.Only)
                && session.address().filter(it -> !leases.mayHave(session.username().orElseThrow(), it)).isPresent();
    }

    /**
     * Has the authority decide about a login and, if that lets the user in, makes room and leases an address.
     *
     * @param wanted whether the session still waits for the answer
     * @param answer hears it, in this call or later, if it is still wanted then
     */
    void decide(Session session, LoginQuestion question, BooleanSupplier wanted, Consumer<LoginAnswer> answer) {
        if (!question.repeated() && !backoff.mayTry(session.peer(), question.name(), millis.getAsLong())) {
            answer.accept(new LoginAnswer.Rejected(LoginFailure.TOO_MANY_FAILURES));
            return;
        }
        authority.decide(new LoginRequest(session.id(), session.peer(), session.local(), question), verdict -> {
            if (!question.repeated()) {
                count(session.peer(), question.name(), verdict);
            }
            if (wanted.getAsBoolean()) {
                answer.accept(switch (verdict) {
                    case Verdict.Proven proven when question.repeated() ->
                        new LoginAnswer.Accepted(proven.username(), proven.proof(), LoginGrant.NONE);
                    case Verdict.Proven proven -> admit(session, question.method(), proven);
                    case Verdict.Continued(byte[] packet, var conversation) ->
                        new LoginAnswer.Continued(packet, conversation);
                    case Verdict.Rejected(LoginFailure reason, var message, var error) ->
                        new LoginAnswer.Rejected(reason, message, error);
                });
            }
        });
    }

    private void count(Ipv4Address peer, String name, Verdict verdict) {
        switch (verdict) {
            case Verdict.Proven proven -> backoff.proved(peer, name);
            case Verdict.Continued going -> backoff.undecided(peer, name);
            case Verdict.Rejected(LoginFailure reason, var message, var error) -> {
                switch (reason) {
                    case NO_DECISION, RADIUS_UNREACHABLE -> backoff.undecided(peer, name);
                    case DISABLED, EXPIRED, OUTSIDE_HOURS, QUOTA_USED_UP, PROFILE_MISSING, SOURCE_NOT_ALLOWED,
                            SESSION_LIMIT, NO_ADDRESS, REFUSED ->
                        backoff.proved(peer, name); // in spite of the right password
                    case BAD_CREDENTIALS, RADIUS_REJECTED, TOO_MANY_FAILURES, METHOD_NOT_POSSIBLE, TIMEOUT,
                            SERVER_NOT_VERIFIED ->
                        {
                        }
                }
            }
        }
    }

    /** The user is who it claims to be: what speaks against it now is the number of sessions, and the pools. */
    private LoginAnswer admit(Session session, AuthMethod method, Verdict.Proven proven) {
        String username = proven.username();
        if (session.wasConnected() && !session.username().equals(Optional.of(username))) {
            // A link may be negotiated anew, but the books, and the routes, are those of one user.
            return new LoginAnswer.Rejected(LoginFailure.REFUSED);
        }
        release(session);
        if (proven.by().objection(username, session.peer(), clock.instant()).isPresent()) {
            return new LoginAnswer.Rejected(LoginFailure.REFUSED); // since the question, the user was removed or disabled
        }
        Optional<LoginFailure> refusal = profiles.refusal(proven.terms(), clock.instant());
        if (refusal.isPresent()) {
            if (refusal.get() == LoginFailure.PROFILE_MISSING) {
                notes.accept(session.peer(), "user " + username + " has the profile " + proven.terms().profile().get()
                        + ", which users.profiles.yaml does not have: nobody who has it is let in");
            }
            return new LoginAnswer.Rejected(refusal.get());
        }
        if (!makeRoom(username, proven.terms(), millis.getAsLong())) {
            return new LoginAnswer.Rejected(LoginFailure.SESSION_LIMIT);
        }
        Optional<Ipv4Address> address = lease(username, proven.terms().address());
        if (address.isEmpty()) {
            return new LoginAnswer.Rejected(LoginFailure.NO_ADDRESS);
        }
        byUser.computeIfAbsent(username, name -> new ArrayList<>()).add(session);
        session.login().admitted(proven, method, address.get());
        return new LoginAnswer.Accepted(username, proven.proof(), session.login().grant(profiles));
    }

    /**
     * A session of another process goes on.
     *
     * @throws IllegalStateException when somebody else has its address
     */
    void takeOver(Session session, SessionSnapshot.Login before) {
        leases.takeOver(before.username(), before.address());
        byUser.computeIfAbsent(before.username(), name -> new ArrayList<>()).add(session);
        session.login().takenOver(before, authority.called(before.authority()));
    }

    private Optional<Ipv4Address> lease(String username, Terms.AddressWish wish) {
        return switch (wish) {
            case Terms.AddressWish.Any any -> leases.lease(username, peers::contains);
            case Terms.AddressWish.Static fixed -> leases.lease(username, peers::contains);
            case Terms.AddressWish.Only(Ipv4Address only) ->
                peers.contains(only) ? Optional.empty() : leases.leaseOnly(username, only);
        };
    }

    private boolean makeRoom(String username, Terms terms, long now) {
        int most = profiles.limits(terms).sessions().orElse(config.sessionPolicy().perUser());
        List<Session> present = sessionsOf(username);
        if (most == 0 || present.size() < most) {
            return true;
        }
        if (config.sessionPolicy().whenExceeded() == WhenExceeded.DENY) {
            return false;
        }
        for (Session oldest : present.subList(0, present.size() - most + 1)) {
            ending.end(oldest, TerminationReason.REPLACED, "the user logged in again", now);
        }
        return true;
    }

    /** A session is another process' from now on; its address stays lent. */
    void forget(Session session) {
        session.username().ifPresent(username -> byUser.computeIfPresent(username, (name, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        }));
    }

    /** Takes a session's address back, if it has one, and forgets that its user has the session. */
    void release(Session session) {
        Optional<Ipv4Address> lease = session.login().takeLease();
        if (lease.isEmpty()) {
            return;
        }
        String username = session.username().orElseThrow();
        leases.release(lease.get());
        byUser.computeIfPresent(username, (name, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        });
        sessionsOf(username).forEach(Session::reclaimRoutes);
    }
}
