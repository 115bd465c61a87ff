package io.pptpoperator.operator.status;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import io.pptpoperator.operator.session.UserSession;
import io.pptpoperator.operator.status.UserFacts.NotServing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says what a VpnUser is and does. */
public final class VpnUserStatuses {

    /** Whether the user can log in somewhere. */
    public static final String READY = "Ready";
    /** Whether every server that the user is meant for takes it. */
    public static final String ACCEPTED = "Accepted";

    /**
     * Only servers of other namespaces select the user, and it agrees to none of them. Where another serves it this is
     * no trouble of the user's, whoever may have made such a server.
     */
    private static final String NO_CONSENT = "NoConsent";
    /** Pods leave the user out, because their image does not know what limits it. */
    private static final String IMAGE_TOO_OLD = "ImageTooOld";
    private static final int MAX_NAMED = 5;

    private VpnUserStatuses() {}

    /** The status of a user; equal facts give equal statuses, except for the times of conditions that change. */
    public static VpnUserStatus of(UserFacts facts, Instant time) {
        VpnUser user = facts.user();
        Instant now = time.truncatedTo(ChronoUnit.SECONDS);
        Optional<VpnUserStatus> before = Optional.ofNullable(user.getStatus());
        List<ObjectKey> servers = facts.verdicts()
                .entrySet()
                .stream()
                .filter(it -> it.getValue() instanceof UserVerdict.Accepted)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        Optional<VpnUserStatus.Session> session = session(facts);
        State state = state(facts, servers, session.isPresent(), time);
        Problem problem = problem(facts);
        var conditions = new Conditions(before.map(VpnUserStatus::conditions).orElse(List.of()),
                user.getMetadata().getGeneration(), now);
        if (isOver(user, time) && !isApplied(facts)) {
            conditions.set(READY, false, NotServing.NotApplied.name(), problem.message);
        } else {
            switch (state) {
                case Connected, Disconnected ->
                    conditions.set(READY, true, "Accepted", "can log in at " + list(servers));
                case Disabled -> conditions.set(READY, false, disabled(user).reason, disabled(user).message);
                case Expired -> conditions.set(READY, false, "Expired",
                        "spec.validUntil " + user.getSpec().validUntil() + " has passed");
                case Invalid -> conditions.set(READY, false, problem.reason, problem.message);
            }
        }
        conditions.set(ACCEPTED, problem == null, problem == null ? "Accepted" : problem.reason,
                problem == null ? "accepted by " + list(servers) : problem.message);
        FormerNameNotice.of(user)
                .ifPresent(it -> conditions.set(FormerNameNotice.TYPE, false, it.reason(), it.message()));
        return new VpnUserStatus(user.getMetadata().getGeneration(), conditions.list(), state, user.username(),
                GeneratedPassword.isWanted(user) ? GeneratedPassword.secretName(user) : null,
                GeneratedPassword.isWanted(user) ? passwordGenerated(facts, before) : null,
                servers.stream().map(ObjectKey::toString).toList(), sessions(facts, before), session.orElse(null),
                lastLogin(facts, before), lastFailure(facts, before));
    }

    /** While its Secret is away, the password is as old as it was. */
    private static Instant passwordGenerated(UserFacts facts, Optional<VpnUserStatus> before) {
        return facts.passwordGenerated().or(() -> before.map(VpnUserStatus::passwordGenerated)).orElse(null);
    }

    private static Problem disabled(VpnUser user) {
        return user.isBeingDeleted()
                ? new Problem("BeingDeleted",
                        "is being deleted, and held only by finalizers " + user.getMetadata().getFinalizers()
                                + ": nobody logs in as it any more")
                : new Problem("Disabled", "spec.enabled is false");
    }

    private static State state(UserFacts facts, List<ObjectKey> servers, boolean connected, Instant time) {
        boolean over = isOver(facts.user(), time);
        if (over && isApplied(facts)) {
            return isDisabled(facts.user()) ? State.Disabled : State.Expired;
        }
        if (!facts.user().isReadable()) {
            return State.Invalid;
        }
        if (servers.isEmpty() && !over) {
            return State.Invalid;
        }
        return connected ? State.Connected : State.Disconnected;
    }

    /** Whether nobody shall log in as the user any more. */
    private static boolean isOver(VpnUser user, Instant time) {
        return isDisabled(user) || isExpired(user, time);
    }

    /** Whether no server is left that was told of an earlier user. */
    private static boolean isApplied(UserFacts facts) {
        return !facts.notServing().containsValue(NotServing.NotApplied);
    }

    private static boolean isDisabled(VpnUser user) {
        return user.isBeingDeleted() || Boolean.FALSE.equals(user.getSpec().enabled());
    }

    private static boolean isExpired(VpnUser user, Instant time) {
        return user.getSpec().validUntil() != null && !user.getSpec().validUntil().isAfter(time);
    }

    private record Problem(String reason, String message) {}

    /** What keeps servers from taking the user; null when all do. */
    private static Problem problem(UserFacts facts) {
        var reasons = new ArrayList<String>();
        var sentences = new ArrayList<String>();
        new TreeMap<>(facts.notServing()).forEach((server, why) -> {
            reasons.add(why.name());
            sentences.add(server + ": " + why.sentence());
        });
        new TreeMap<>(facts.verdicts()).forEach((server, verdict) -> {
            if (verdict instanceof Rejected rejected) {
                reasons.add(rejected.reason().name());
                sentences.add(server + ": " + rejected.message());
            }
        });
        if (facts.user().isBeingDeleted() && isApplied(facts)) {
            return disabled(facts.user());
        }
        if (!facts.user().isReadable()) {
            // It may be in force as it was where nothing can be written; that is for people to know too.
            return new Problem(UserVerdict.Reason.InvalidSpec.name(),
                    facts.user().whyUnreadable() + (isApplied(facts) ? "" : "; " + String.join("; ", sentences)));
        }
        if (reasons.isEmpty() && facts.verdicts().isEmpty() && !facts.withoutConsent().isEmpty()) {
            return new Problem(NO_CONSENT,
                    new TreeMap<>(facts.withoutConsent()).entrySet()
                            .stream()
                            .map(it -> it.getKey() + ": " + it.getValue())
                            .limit(MAX_NAMED)
                            .collect(Collectors.joining("; ")));
        }
        if (reasons.isEmpty() && facts.verdicts().isEmpty()) {
            return new Problem("NoServer", "no PptpServer selects this VpnUser");
        }
        new TreeMap<>(facts.leftOutAt()).forEach((server, pods) -> {
            reasons.add(IMAGE_TOO_OLD);
            sentences.add(server + ": cannot log in at " + String.join(", ", pods)
                    + ", whose image is too old for a setting of this VpnUser that limits it");
        });
        return reasons.isEmpty() ? null : new Problem(reasons.getFirst(), String.join("; ", sentences));
    }

    private static String list(List<ObjectKey> servers) {
        return String.join(", ", servers.stream().map(ObjectKey::toString).toList());
    }

    private static Optional<UserSession> newest(List<UserSession> sessions) {
        return sessions.stream()
                .max(Comparator.comparing((UserSession it) -> it.session().since())
                        .thenComparing(it -> it.session().id()));
    }

    /** The newest session, which may be one that only the status knows. */
    private static Optional<VpnUserStatus.Session> session(UserFacts facts) {
        Optional<VpnUserStatus.Session> live = newest(facts.sessions()).map(VpnUserStatuses::session);
        boolean newer = live.isPresent()
                && facts.remembered().filter(it -> it.since().isAfter(live.get().since())).isEmpty();
        return newer ? live : facts.remembered();
    }

    private static int sessions(UserFacts facts, Optional<VpnUserStatus> before) {
        int live = facts.sessions().size();
        return facts.remembered().isEmpty() ? live : Math.max(live, before.map(VpnUserStatus::sessions).orElse(0));
    }

    private static VpnUserStatus.Session session(UserSession it) {
        SessionView session = it.session();
        return new VpnUserStatus.Session(it.server().toString(), it.pod(), session.address().toString(),
                session.peer().toString(), session.since().truncatedTo(ChronoUnit.SECONDS), session.leftOut());
    }

    /** What the status said before, unless that may be about the user who has the username. */
    private static Optional<VpnUserStatus> own(UserFacts facts, Optional<VpnUserStatus> before) {
        boolean another = facts.verdicts()
                .values()
                .stream()
                .anyMatch(verdict -> verdict instanceof Rejected it
                        && it.reason() == UserVerdict.Reason.DuplicateUsername);
        return another ? Optional.empty() : before;
    }

    /** Pods forget when they restart; the status does not. */
    private static Instant lastLogin(UserFacts facts, Optional<VpnUserStatus> before) {
        Instant known = own(facts, before).map(VpnUserStatus::lastLogin).orElse(null);
        Instant seen = facts.logins().map(LoginView::lastLogin).orElse(null);
        Instant newest = newest(facts.sessions()).map(it -> it.session().since()).orElse(null);
        return later(known, later(seconds(seen), seconds(newest)));
    }

    private static VpnUserStatus.LoginFailure lastFailure(UserFacts facts, Optional<VpnUserStatus> before) {
        VpnUserStatus.LoginFailure known = own(facts, before).map(VpnUserStatus::lastFailure).orElse(null);
        Instant seen = seconds(facts.logins().map(LoginView::lastFailure).orElse(null));
        if (seen == null || known != null && !seen.isAfter(known.time())) {
            return known;
        }
        return new VpnUserStatus.LoginFailure(seen, facts.logins().map(LoginView::lastFailureReason).orElse("unknown"));
    }

    private static Instant seconds(Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant later(Instant one, Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;

    }
}
