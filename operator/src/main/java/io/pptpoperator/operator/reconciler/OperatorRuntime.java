package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.cache.NameStore;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.leader.Leadership;
import io.pptpoperator.operator.leader.WriteFence;
import io.pptpoperator.operator.metrics.OperatorMetrics;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.reconciler.controller.PptpServerReconciler;
import io.pptpoperator.operator.reconciler.controller.ServerPods;
import io.pptpoperator.operator.reconciler.controller.ServerReconciliation;
import io.pptpoperator.operator.reconciler.controller.ServerState;
import io.pptpoperator.operator.reconciler.controller.ServerStates;
import io.pptpoperator.operator.reconciler.controller.Wakeups;
import io.pptpoperator.operator.reconciler.polling.SessionPoller;
import io.pptpoperator.operator.reconciler.reporting.Census;
import io.pptpoperator.operator.reconciler.reporting.PodRefusals;
import io.pptpoperator.operator.reconciler.reporting.PodWarnings;
import io.pptpoperator.operator.reconciler.reporting.ProfileStatusWriter;
import io.pptpoperator.operator.reconciler.reporting.ServerStatusWriter;
import io.pptpoperator.operator.reconciler.reporting.StatusPatch;
import io.pptpoperator.operator.reconciler.reporting.UserStatusWriter;
import io.pptpoperator.operator.reconciler.writing.AnnotationQueue;
import io.pptpoperator.operator.reconciler.writing.ObjectWriter;
import io.pptpoperator.operator.reconciler.writing.PasswordWriter;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.status.StatusQueue;
import io.pptpoperator.operator.status.WriteBudget;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator in a cluster: its parts, put together, started and stopped. With leader election the caches are filled
 * from the start, so that whoever takes over can do so at once; only the leader writes.
 */
public final class OperatorRuntime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorRuntime.class);
    /** Together well below fifty in any second, so that the servers' own objects fit in too. */
    private static final int WRITES_PER_SECOND = 40;
    private static final int WRITES_AT_ONCE = 4;
    private static final int RECONCILE_THREADS = 10;
    /** A cheap guard against a watch that lost something. */
    private static final Duration RESYNC = Duration.ofMinutes(10);
    /** A thread that has not been seen for so long hangs. */
    private static final Duration ALIVE = Duration.ofMinutes(2);

    private final Operator operator;
    private final Caches caches;
    private final ServerStates states = new ServerStates();
    private final SessionTable sessions = new SessionTable();
    private final StatusQueue statuses;
    private final SessionPoller poller;
    private final EventRecorder events;
    private final PasswordWriter passwords;
    private final ClusterChanges changes;
    private final AnnotationQueue annotations;
    private final ServerReconciliation reconciliation;
    private final ServerPods pods;
    private final Clock clock;
    private final OperatorSettings settings;
    private final OperatorMetrics metrics;
    private final WriteFence fence;
    private final Optional<Leadership> leadership;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile boolean leading;
    private volatile boolean closed;

    /**
     * Puts the parts together.
     *
     * @param client stays the caller's to close
     * @param fence what the client asks before it writes
     * @param metrics counts what is done
     */
    public OperatorRuntime(KubernetesClient client, WriteFence fence, OperatorSettings settings,
            OperatorMetrics metrics, Clock clock) {
        this.fence = fence;
        this.clock = clock;
        this.metrics = metrics;
        this.settings = settings;
        var random = new SecureRandom();
        caches = new Caches(client, settings.watched());
        statuses = new StatusQueue(clock);
        var budget = new WriteBudget(WRITES_PER_SECOND, WRITES_AT_ONCE);
        events = new EventRecorder(client, settings.identity(), budget, metrics, clock);
        passwords = new PasswordWriter(client, caches, budget, events, random);
        var wakeups = new Wakeups();
        var pki = new PkiStore(client, settings.namespace(), clock, random,
                () -> caches.servers().stream().map(ObjectKey::of).forEach(wakeups::wakeServer));
        var writer = new ObjectWriter(client, caches);
        annotations = new AnnotationQueue((pod, value) -> writer.annotate(pod, Labels.CONFIGURATION_DIGEST, value),
                budget);
        pods = new ServerPods(caches, sessions);
        reconciliation = new ServerReconciliation(client, settings, caches, sessions, pods, pki, writer, annotations,
                clock, random);
        var patch = new StatusPatch(client, budget, metrics);
        poller = new SessionPoller(caches, pods, states, sessions, pki, statuses, wakeups, events, clock);
        statuses.setWriter(PptpServer.class, new ServerStatusWriter(patch, caches, pods, states, sessions, poller,
                events, new PodRefusals(client), new PodWarnings(client, clock), statuses, clock)::write);
        statuses.setWriter(VpnProfile.class,
                new ProfileStatusWriter(patch, caches, states, events, statuses, clock)::write);
        statuses.setWriter(VpnUser.class,
                new UserStatusWriter(patch, caches, states, sessions, poller, events, statuses, clock)::write);
        changes = new ClusterChanges(caches, wakeups, statuses, passwords);
        changes.listen(server -> {
            states.remove(ObjectKey.of(server));
            reconciliation.forget(server);
        }, poller::disconnect);

        operator = new Operator(overrider -> {
            overrider.withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withMetrics(metrics)
                    .withConcurrentReconciliationThreads(RECONCILE_THREADS)
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5));
        });
        operator.register(
                new PptpServerReconciler(caches, reconciliation, pods, states, statuses, events, wakeups, clock),
                this::configure);
        leadership = settings.leaderElection()
                ? Optional.of(new Leadership(client, fence, settings.namespace(), settings.identity(), clock,
                        this::lead, this::stopLeading))
                : Optional.empty();
        showGauges();
    }

    private void showGauges() {
        metrics.declareController(PptpServerReconciler.NAME);
        metrics.declareKind(PptpServer.class);
        metrics.declareKind(VpnUser.class);
        metrics.declareKind(VpnProfile.class);
        metrics.setCensus(() -> Census.of(caches.servers().stream(), caches.users().stream()));
        metrics.gauge("pptp_operator_leader", "1 when this process is the one that writes", () -> leading ? 1 : 0);
        metrics.gauge("pptp_operator_status_queue", "resources whose status has to be looked at", statuses::size);
        metrics.gauge("pptp_operator_oldest_unapplied_change_seconds",
                "how long the oldest change has waited to reach a pod or a status",
                () -> leading ? oldestUnappliedChange().toMillis() / 1000.0 : 0);
        metrics.gauge("pptp_operator_resources", "resources that are looked after", "PptpServer",
                () -> caches.servers().stream().count());
        metrics.gauge("pptp_operator_resources", "resources that are looked after", "VpnUser",
                () -> caches.users().stream().count());
        metrics.gauge("pptp_operator_resources", "resources that are looked after", "VpnProfile",
                () -> caches.profiles().stream().count());
    }

    private void configure(ControllerConfigurationOverrider<PptpServer> controller) {
        Set<String> namespaces = settings.watched();
        (namespaces.isEmpty() ? controller.watchingAllNamespaces() : controller.settingNamespaces(namespaces))
                // The framework watches servers as well, but only to know which there are: its queue needs them in a
                // cache of its own, which it starts to fill when this process becomes the leader.
                .withItemStore(new NameStore())
                .withOnUpdateFilter((before, after) -> false)
                .withReconciliationMaxInterval(RESYNC)
                // Whatever happens at once is rendered once.
                .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), 2))
                .withRetry(new GenericRetry().setInitialInterval(1000)
                        .setIntervalMultiplier(2)
                        .setMaxInterval(30_000)
                        .withoutMaxAttempts());
    }

    /**
     * Starts the operator.
     *
     * @throws IllegalStateException when the API server does not tell what the operator has to know
     */
    public void start() {
        caches.start();
        if (leadership.isEmpty()) {
            fence.openUntil(Instant.MAX);
        }
        leadership.ifPresentOrElse(Leadership::start, this::lead);
    }

    private void lead() {
        try {
            synchronized (this) {
                if (closed) {
                    return;
                }
                events.start();
                annotations.start();
                operator.start();
                statuses.start();
                passwords.start();
                changes.attendToAll();
                poller.start();
                leading = true;
            }
            LOG.info("Looking after {}",
                    settings.watched().isEmpty()
                            ? "all namespaces"
                            : "namespaces " + String.join(", ", new TreeSet<>(settings.watched())));
        } catch (RuntimeException e) {
            failure.completeExceptionally(e);
        }
    }

    private void stopLeading(String why) {
        leading = false;
        failure.completeExceptionally(new IllegalStateException(why));
        stopWriting();
    }

    private synchronized void stopWriting() {
        if (!closed) {
            closed = true;
            leading = false;
            poller.close();
            statuses.close();
            operator.stop();
            passwords.close();
            annotations.close();
            events.close();
        }
    }

    /** Fails when the operator cannot go on: it could not start, or is not the leader any more. */
    public CompletableFuture<Void> failure() {
        return failure;
    }

    /** What only a new process can mend, each as a sentence; nothing when the operator is healthy. */
    public List<String> problems() {
        var problems = new ArrayList<String>();
        Instant hanging = clock.instant().minus(ALIVE);
        leadership.flatMap(Leadership::problem).ifPresent(problems::add);
        if (metrics.longestRunning().compareTo(ALIVE) > 0) {
            problems.add("a reconciliation has not come back for two minutes");
        }
        problems.addAll(caches.dead(clock.instant()));
        if (leading && statuses.lastSeenAlive().isBefore(hanging)) {
            problems.add("no status has been written for two minutes, although some wait");
        }
        if (leading && poller.lastSeenAlive().isBefore(hanging)) {
            problems.add("no pod has been asked for its sessions for two minutes");
        }
        return problems;
    }

    /** What keeps the operator from knowing what happens, each as a sentence; nothing when it is ready. */
    public List<String> unreadiness() {
        return caches.notWatched();
    }

    /** How long the oldest change has waited to reach a pod or a status. */
    public Duration oldestUnappliedChange() {
        Instant now = clock.instant();
        Duration oldest = statuses.oldest();
        for (ObjectKey server : states.all().keySet()) {
            Duration age = caches.servers().get(server).map(it -> unapplied(it, now)).orElse(Duration.ZERO);
            oldest = age.compareTo(oldest) > 0 ? age : oldest;
        }
        return oldest;
    }

    private Duration unapplied(PptpServer server, Instant now) {
        ServerState state = states.get(ObjectKey.of(server)).orElse(ServerState.NEW);
        boolean applying = pods.isApplying(server, state);
        return applying ? Duration.between(state.renderedAt(), now) : Duration.ZERO;
    }

    @Override
    public void close() {
        stopWriting();
        leadership.ifPresent(Leadership::close);
        caches.close();
    }
}
