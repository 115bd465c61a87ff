package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.reconciler.writing.NameTakenException;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.render.ConfigurationTooLargeException;
import io.pptpoperator.operator.render.InvalidSpecException;
import io.pptpoperator.operator.roster.PasswordMemory;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.ServerFacts.Failure;
import io.pptpoperator.operator.status.ServerFacts.Failure.Reason;
import io.pptpoperator.operator.status.StatusQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the objects of PptpServers. Statuses are written elsewhere, from what is found here: see {@link
 * ServerStatusWriter}.
 */
@ControllerConfiguration(name = PptpServerReconciler.NAME)
public final class PptpServerReconciler implements Reconciler<PptpServer> {

    /** The controller's name, in metrics and logs. */
    public static final String NAME = "pptpserver";

    private static final Logger LOG = LoggerFactory.getLogger(PptpServerReconciler.class);
    /** A kubelet that did not look when it was nudged is nudged again. */
    private static final Duration WHILE_APPLYING = Duration.ofSeconds(5);
    /** Addresses are on their way from one pod to another, or something is waited for. */
    private static final Duration WHILE_DIVIDING = Duration.ofSeconds(5);
    /** Nothing tells the operator that a pod was refused. */
    private static final Duration WHILE_WITHOUT_PODS = Duration.ofSeconds(5);
    /** Nothing tells the operator that a pod's container cannot be made. */
    private static final Duration WHILE_STARTING = Duration.ofSeconds(5);
    private static final Duration RETRY_REFUSED = Duration.ofSeconds(30);

    private final Caches caches;
    private final ServerReconciliation reconciliation;
    private final ServerPods pods;
    private final ServerStates states;
    private final StatusQueue statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    /** Reconciles servers when the framework, or a wake-up, says so. */
    public PptpServerReconciler(Caches caches, ServerReconciliation reconciliation, ServerPods pods,
            ServerStates states, StatusQueue statuses, EventRecorder events, Wakeups wakeups, Clock clock) {
        this.caches = caches;
        this.reconciliation = reconciliation;
        this.pods = pods;
        this.states = states;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, PptpServer>> prepareEventSources(EventSourceContext<PptpServer> context) {
        return List.of(wakeups.servers());
    }

    @Override
    @SuppressWarnings("try") // is there to be closed
    public UpdateControl<PptpServer> reconcile(PptpServer server, Context<PptpServer> context) {
        ObjectKey key = ObjectKey.of(server);
        try (var logged = new LogContext("PptpServer", key)) {
            boolean again = context.getRetryInfo().filter(it -> it.getAttemptCount() > 0).isPresent();
            // Not the framework's copy: a copy of what could be read is silent about what could not.
            return caches.servers().get(key).map(it -> reconcile(it, again)).orElse(UpdateControl.noUpdate());
        }
    }

    private UpdateControl<PptpServer> reconcile(PptpServer server, boolean again) {
        ObjectKey key = ObjectKey.of(server);
        Optional<ServerState> known = states.get(key);
        ServerState before = known.orElseGet(() -> reconciliation.restore(server));
        if (server.isBeingDeleted()) {
            reconciliation.retire(server);
            publish(server, before, before.retired(server.getMetadata().getGeneration()));
            return UpdateControl.noUpdate();
        }
        ServerReconciliation.Pass pass = reconciliation.run(server, before);
        report(server, before, pass.state());
        Optional<Failure> failure = pass.problem().flatMap(it -> failure(it, again));
        failure.ifPresent(it -> {
            events.record(server, EventReason.valueOf(it.reason().name()), it.message());
            LOG.warn("{}: {}", it.reason(), it.message());
        });
        if (pass.problem().isPresent() && failure.isEmpty()) {
            // What was said of an earlier generation stands, until this one works or fails again.
            known.ifPresent(it -> publish(server, it, pass.state().with(it.generation(), it.failure())));
            throw pass.problem().get();
        }
        ServerState after = pass.state().with(server.getMetadata().getGeneration(), failure);
        before.failure()
                .filter(it -> failure.isEmpty())
                .ifPresent(it -> events.record(server, EventReason.Recovered,
                        "the server is as its spec says again; it was not: " + it.reason()));
        publish(server, before, after);
        if (failure.filter(it -> it.reason() == Reason.ApiServerFails).isPresent()) {
            throw pass.problem().orElseThrow();
        }
        UpdateControl<PptpServer> done = UpdateControl.noUpdate();
        return recheck(server, after).map(done::rescheduleAfter).orElse(done);
    }

    private Optional<Duration> recheck(PptpServer server, ServerState state) {
        if (pods.isApplying(server, state)) {
            return Optional.of(WHILE_APPLYING);
        }
        if (state.failure().isPresent()) {
            return switch (state.failure().get().reason()) {
                case NameTaken, ObjectRefused, ImageNotPulled -> Optional.of(RETRY_REFUSED);
                case InvalidSpec, ConfigurationTooLarge, ApiServerFails, BeingDeleted -> Optional.empty();
            };
        }
        if (pods.placed(server).isEmpty() && server.getSpec().replicas() > 0) {
            return Optional.of(WHILE_WITHOUT_PODS);
        }
        if (pods.placed(server).stream().anyMatch(pod -> !PptpServerStatuses.isReady(pod))) {
            return Optional.of(WHILE_STARTING);
        }
        boolean waiting = reconciliation.isDividing(server, state) || !state.changingHands().isEmpty()
                || !state.rendered().missedSecrets().isEmpty() || !state.profiles().missed().isEmpty()
                || state.rendered().radius().memory().misses();
        return waiting ? Optional.of(WHILE_DIVIDING) : untilUpdates(server);
    }

    private Optional<Duration> untilUpdates(PptpServer server) {
        return Optional.ofNullable(server.getSpec().updatePolicy().notBefore())
                .map(time -> Duration.between(clock.instant(), time))
                .filter(Duration::isPositive)
                .map(left -> left.plusSeconds(1));
    }

    /**
     * What to tell people of a problem; nothing when it may be over at the next attempt.
     *
     * @param again whether the last attempt failed as well
     */
    private static Optional<Failure> failure(RuntimeException problem, boolean again) {
        return Optional.ofNullable(switch (problem) {
            case InvalidSpecException e -> Reason.InvalidSpec;
            case NameTakenException e -> Reason.NameTaken;
            case ImageNotPulledException e -> Reason.ImageNotPulled;
            case ConfigurationTooLargeException e -> Reason.ConfigurationTooLarge;
            case KubernetesClientException e when isRefusal(e) -> Reason.ObjectRefused;
            // Without an answer there is nobody either to tell a failure to.
            case KubernetesClientException e when again && e.getCode() > 0 -> Reason.ApiServerFails;
            default -> null;
        })
                .map(reason -> new Failure(reason,
                        problem instanceof KubernetesClientException e ? ApiErrors.sentence(e) : problem.getMessage()));
    }

    /** Whether the API server understood and said no: trying again at once would be answered the same. */
    private static boolean isRefusal(KubernetesClientException e) {
        return e.getCode() == 400 || e.getCode() == 403 || e.getCode() == 422;
    }

    private void report(PptpServer server, ServerState before, ServerState after) {
        List<String> users = ConfigurationFiles.users(after.files());
        if (!after.files().equals(before.files())) {
            LOG.atInfo()
                    .addKeyValue("users", after.usernames().size())
                    .addKeyValue("rejected", after.roster().rejected().size())
                    .log("Configuration rendered");
        }
        if (!users.equals(ConfigurationFiles.users(before.files()))) {
            events.record(server, EventReason.ConfigurationChanged,
                    "users in the configuration: " + after.usernames().size());
        }
        after.rendered().missedSecrets().forEach((user, since) -> {
            if (!before.rendered().missedSecrets().containsKey(user)) {
                caches.users()
                        .get(user)
                        .ifPresent(it -> events.record(it, EventReason.PasswordMissing,
                                "the Secret with the password is away: the user is served with what it was until "
                                        + since.plus(PasswordMemory.PATIENCE).truncatedTo(ChronoUnit.SECONDS)));
            }
        });
        reconciliation.replacement(server).ifPresent(why -> events.record(server, EventReason.Restarting, why));
        if (after.withoutShare() > 0) {
            events.record(server, EventReason.PoolTooSmall, "the pools' " + after.pools().size() + " addresses leave "
                    + after.withoutShare() + " pods without any");
        }
        Map<ObjectKey, UserVerdict.Rejected> rejected = rejected(after);
        if (!rejected.isEmpty() && !rejected.equals(rejected(before))) {
            events.record(server, EventReason.UsersRejected,
                    rejected.size() + " VpnUsers are left out; condition UsersAccepted and the VpnUsers say why");
        }
    }

    /** Those who are left out for good: that a password is being generated at this moment is nobody's trouble. */
    private static Map<ObjectKey, UserVerdict.Rejected> rejected(ServerState state) {
        var rejected = new TreeMap<>(state.roster().rejected());
        rejected.values().removeIf(it -> it.reason() == UserVerdict.Reason.PasswordNotGenerated);
        return rejected;
    }

    private void publish(PptpServer server, ServerState before, ServerState after) {
        states.put(ObjectKey.of(server), after);
        statuses.offer(PptpServer.class, ObjectKey.of(server));
        Map<ObjectKey, Long> generations = before.roster().generations();
        after.roster().verdicts().forEach((user, verdict) -> {
            boolean same = sameForTheUser(verdict, before.roster().verdicts().get(user))
                    && Objects.equals(after.roster().generations().get(user), generations.get(user));
            if (!same) {
                statuses.offer(VpnUser.class, user);
            }
        });
        generations.keySet()
                .stream()
                .filter(user -> !after.roster().verdicts().containsKey(user))
                .forEach(user -> statuses.offer(VpnUser.class, user));
        if (!after.profiles().equals(before.profiles()) || !Objects.equals(after.generation(), before.generation())) {
            caches.profiles()
                    .stream()
                    .map(ObjectKey::of)
                    .filter(it -> it.namespace().equals(server.getMetadata().getNamespace()))
                    .forEach(it -> statuses.offer(VpnProfile.class, it));
        }
        if (!after.usersRendered()) {
            reconciliation.unrendered(server, after).forEach(user -> statuses.offer(VpnUser.class, user));
        }
    }

    private static boolean sameForTheUser(UserVerdict now, UserVerdict before) {
        return now instanceof UserVerdict.Accepted && before instanceof UserVerdict.Accepted || now.equals(before);
    }
}
