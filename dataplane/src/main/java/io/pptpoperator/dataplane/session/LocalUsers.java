package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.RateSettings;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.PasswordCheck;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides by {@code users.yaml}, in the same call. */
public final class LocalUsers implements Authority {
    private final PasswordCheck passwords;
    private final InstantSource clock;
    private Users users;

    /**
     * With the users of one file.
     *
     * @param clock tells the time of day, for users' {@code validUntil}
     */
    public LocalUsers(Users users, InstantSource clock, SecureRandom random) {
        this.users = users;
        this.clock = clock;
        passwords = new PasswordCheck(random);
    }

    /** The users in force. */
    public Users users() {
        return users;
    }

    /** Takes the users of a changed file. */
    public void change(Users changed) {
        users = changed;
    }

    @Override
    public String name() {
        return "users.yaml";
    }

    @Override
    public void decide(LoginRequest request, Consumer<Verdict> verdict) {
        verdict.accept(verdictOn(request));
    }

    private Verdict verdictOn(LoginRequest request) {
        Optional<UserConfig> user = users.find(request.question().name());
        Optional<Credentials> credentials = user.map(UserConfig::credentials);
        return switch (passwords.check(request.question().evidence(), credentials)) {
            case PasswordCheck.Finding.Wrong(LoginFailure reason) -> new Verdict.Rejected(reason);
            case PasswordCheck.Finding.Right right -> {
                Optional<LoginFailure> refusal = refusal(user.get(), request.peer(), clock.instant());
                yield refusal.isPresent()
                        ? new Verdict.Rejected(refusal.get())
                        : new Verdict.Proven(user.get().username(), right.proof(), terms(user.get()), this);
            }
        };
    }

    private static Terms terms(UserConfig user) {
        Terms.AddressWish wish = user
                .address().<Terms.AddressWish>map(Terms.AddressWish.Static::new).orElse(new Terms.AddressWish.Any());
        return Terms.USUAL.with(wish, user.routes())
                .withProfile(user.profile())
                .with(new Terms.Limits(user.maxSessions(), Optional.empty(), Optional.empty(),
                        user.rateLimit().flatMap(RateSettings::limit), Optional.empty()));
    }

    @Override
    public Optional<Terms> terms(String username) {
        return users.get(username).map(LocalUsers::terms);
    }

    @Override
    public Optional<String> objection(String username, Ipv4Address source, Instant time) {
        Optional<UserConfig> user = users.get(username);
        return user.isEmpty()
                ? Optional.of("the user was removed")
                : refusal(user.get(), source, time).map(LoginFailure::message);
    }

    /** Why this user may not be logged in at this time from this address, or empty when nothing speaks against it. */
    static Optional<LoginFailure> refusal(UserConfig user, Ipv4Address source, Instant time) {
        if (!user.enabled()) {
            return Optional.of(LoginFailure.DISABLED);
        }
        if (user.validUntil().isPresent() && !time.isBefore(user.validUntil().get())) {
            return Optional.of(LoginFailure.EXPIRED);
        }
        if (user.overQuota()) {
            return Optional.of(LoginFailure.QUOTA_USED_UP);
        }
        boolean sourceAllowed = user.allowedSources().isEmpty()
                || user.allowedSources().stream().anyMatch(network -> network.contains(source));
        return sourceAllowed ? Optional.empty() : Optional.of(LoginFailure.SOURCE_NOT_ALLOWED);
    }
}
