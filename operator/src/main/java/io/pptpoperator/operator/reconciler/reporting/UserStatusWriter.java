package io.pptpoperator.operator.reconciler.reporting;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.config.UsersSchema;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.reconciler.controller.ServerPods;
import io.pptpoperator.operator.reconciler.controller.ServerState;
import io.pptpoperator.operator.reconciler.controller.ServerStates;
import io.pptpoperator.operator.reconciler.polling.SessionPoller;
import io.pptpoperator.operator.resource.Owners;
import io.pptpoperator.operator.roster.Consent;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.UserSelector;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.session.UserSession;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.StatusQueue;
import io.pptpoperator.operator.status.UserFacts;
import io.pptpoperator.operator.status.UserFacts.NotServing;
import io.pptpoperator.operator.status.VpnUserStatuses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Works out the status of VpnUsers, and writes it where it is not what the resource says. */
public final class UserStatusWriter {

    /** The clock of whoever evaluates validUntil may be a moment behind. */
    private static final Duration AFTER_EXPIRY = Duration.ofSeconds(1);

    private final StatusPatch patch;
    private final Caches caches;
    private final ServerStates states;
    private final SessionTable sessions;
    private final SessionPoller poller;
    private final EventRecorder events;
    private final StatusQueue statuses;
    private final Clock clock;
    private final LastWritten<VpnUserStatus> written;

    /** Puts together what statuses are worked out from. */
    public UserStatusWriter(StatusPatch patch, Caches caches, ServerStates states, SessionTable sessions,
            SessionPoller poller, EventRecorder events, StatusQueue statuses, Clock clock) {
        this.statuses = statuses;
        this.patch = patch;
        this.caches = caches;
        this.states = states;
        this.sessions = sessions;
        this.poller = poller;
        this.events = events;
        this.clock = clock;
        written = new LastWritten<>(clock);
    }

    /** Writes the status of a user, if it has to be. */
    public void write(ObjectKey key) {
        Optional<VpnUser> found = caches.users().get(key);
        if (found.isEmpty()) {
            written.remove(key);
            statuses.forgetDate(VpnUser.class, key);
            return;
        }
        VpnUser user = found.get();
        Instant until = user.getSpec().validUntil();
        if (until != null && until.isAfter(clock.instant())) {
            statuses.offerAt(VpnUser.class, key, until.plus(AFTER_EXPIRY));
        } else {
            statuses.forgetDate(VpnUser.class, key);
        }
        Optional<UserFacts> facts = facts(user);
        if (facts.isEmpty()) {
            // A server that the user is meant for has not judged it as it is now, and will offer it again when it has.
            return;
        }
        VpnUserStatus before = facts.get().user().getStatus();
        VpnUserStatus after = VpnUserStatuses.of(facts.get(), clock.instant());
        if (after.equals(before) || !patch.write(user, new VpnUser(), after)) {
            return;
        }
        written.put(user, after);
        report(user, before, after);
    }

    private Optional<UserFacts> facts(VpnUser user) {
        var verdicts = new HashMap<ObjectKey, UserVerdict>();
        Map<ObjectKey, NotServing> notServing = notServing(user);
        List<PptpServer> meantFor = caches.servers()
                .stream()
                .filter(server -> UserSelector.matches(server, user) && Consent.isGiven(server, user, caches::labelsOf))
                .toList();
        for (PptpServer server : meantFor) {
            ObjectKey key = ObjectKey.of(server);
            Optional<ServerState> state = states.get(key);
            Optional<UserVerdict> verdict = state.flatMap(it -> it.roster().verdict(user));
            if (verdict.isPresent()) {
                verdicts.put(key, verdict.get());
            } else if (state.isEmpty() || state.get().usersRendered() || isJudged(user)) {
                return Optional.empty();
            } else {
                notServing.put(key, NotServing.NotApplied);
            }
        }
        if (user.isBeingDeleted()) {
            for (PptpServer server : caches.servers().stream().toList()) {
                Optional<ServerState> serving = states.get(ObjectKey.of(server)).filter(it -> it.serves(user));
                if (serving.isPresent() && serving.get().usersRendered()) {
                    return Optional.empty();
                }
                serving.ifPresent(it -> notServing.put(ObjectKey.of(server), NotServing.NotApplied));
            }
        }
        var live = new ArrayList<UserSession>();
        var logins = new ArrayList<LoginView>();
        // Of a username that is another user's, what there is is the other's.
        List<PptpServer> accepting = meantFor.stream()
                .filter(server -> verdicts.get(ObjectKey.of(server)) instanceof UserVerdict.Accepted
                        || notServing.get(ObjectKey.of(server)) == NotServing.NotApplied
                                && states.get(ObjectKey.of(server)).filter(it -> it.servesByName(user)).isPresent())
                .toList();
        for (PptpServer server : accepting) {
            live.addAll(sessions.sessions(ObjectKey.of(server), user.username()));
            sessions.logins(ObjectKey.of(server), user.username()).ifPresent(logins::add);
        }
        VpnUser current = written.upToDate(user, new VpnUser());
        return Optional.of(
                new UserFacts(current, verdicts, notServing, withoutConsent(user), live, remembered(current, verdicts),
                        logins.stream().reduce(LoginView::merge), passwordGenerated(user), leftOutAt(verdicts)));
    }

    private Map<ObjectKey, List<String>> leftOutAt(Map<ObjectKey, UserVerdict> verdicts) {
        var leftOut = new HashMap<ObjectKey, List<String>>();
        verdicts.forEach((server, verdict) -> {
            if (verdict instanceof UserVerdict.Accepted(var config)) {
                List<String> pods = sessions.reports(server)
                        .entrySet()
                        .stream()
                        .filter(it -> UsersSchema.understood(config, it.getValue().usersSchema(), UsersSchema.KEYS)
                                .isEmpty())
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
                if (!pods.isEmpty()) {
                    leftOut.put(server, pods);
                }
            }
        });
        return leftOut;
    }

    private Optional<Instant> passwordGenerated(VpnUser user) {
        return caches.secrets()
                .get(new ObjectKey(user.getMetadata().getNamespace(), GeneratedPassword.secretName(user)))
                .filter(secret -> Owners.isOwnedBy(secret, user))
                .map(secret -> secret.getMetadata().getCreationTimestamp())
                .map(Instant::parse);
    }

    private Optional<VpnUserStatus.Session> remembered(VpnUser user, Map<ObjectKey, UserVerdict> verdicts) {
        return Optional.ofNullable(user.getStatus())
                .map(VpnUserStatus::session)
                .filter(session -> verdicts.entrySet()
                        .stream()
                        .anyMatch(it -> it.getKey().toString().equals(session.server())
                                && it.getValue() instanceof UserVerdict.Accepted
                                && caches.pods()
                                        .get(new ObjectKey(it.getKey().namespace(), session.pod()))
                                        .filter(pod -> ServerPods.canBeAsked(pod) && !poller.hasHeardOf(pod))
                                        .isPresent()));
    }

    /** Servers of other namespaces that select the user without its having agreed, each with what is missing. */
    private Map<ObjectKey, String> withoutConsent(VpnUser user) {
        return caches.servers()
                .stream()
                .filter(server -> UserSelector.matches(server, user)
                        && !Consent.isGiven(server, user, caches::labelsOf))
                .map(ObjectKey::of)
                .collect(Collectors.toMap(server -> server,
                        server -> Consent.refusal(server, user.getMetadata().getNamespace(), caches::labelsOf)));
    }

    /** Whether the status is about the user as it is now; then it stands until a server says something else. */
    private static boolean isJudged(VpnUser user) {
        return user.getStatus() != null
                && Objects.equals(user.getStatus().observedGeneration(), user.getMetadata().getGeneration());
    }

    private Map<ObjectKey, NotServing> notServing(VpnUser user) {
        var notServing = new HashMap<ObjectKey, NotServing>();
        for (VpnUserSpec.ServerReference reference : user.getSpec().servers()) {
            ObjectKey key = UserSelector.key(user, reference);
            Optional<PptpServer> server = caches.servers().get(key);
            String home = user.getMetadata().getNamespace();
            if (!key.namespace().equals(home) && server.filter(it -> UserSelector.covers(it, home)).isEmpty()) {
                notServing.put(key, NotServing.NotForThisNamespace);
            } else if (server.isEmpty()) {
                notServing.put(key, NotServing.ServerNotFound);
            } else if (server.get().isBeingDeleted()) {
                notServing.put(key, NotServing.ServerBeingDeleted);
            } else if (!UserSelector.selects(server.get(), user)) {
                notServing.put(key, NotServing.NotSelected);
            }
        }
        return notServing;
    }

    private void report(VpnUser user, VpnUserStatus before, VpnUserStatus after) {
        Condition now = Conditions.find(after.conditions(), VpnUserStatuses.READY).orElseThrow();
        String reasonBefore = before == null
                ? ""
                : Conditions.find(before.conditions(), VpnUserStatuses.READY).map(Condition::reason).orElse("");
        if (now.reason().equals(reasonBefore)) {
            return;
        }
        EventReason reason = switch (after.state()) {
            case Connected, Disconnected -> EventReason.Accepted;
            case Disabled -> EventReason.Disabled;
            case Expired -> EventReason.Expired;
            case Invalid -> EventReason.Rejected;
        };
        // A password that is about to be generated is nothing to worry anybody with.
        if (!now.reason().equals(UserVerdict.Reason.PasswordNotGenerated.name())) {
            events.record(user, reason, now.message());

        }
    }
}
