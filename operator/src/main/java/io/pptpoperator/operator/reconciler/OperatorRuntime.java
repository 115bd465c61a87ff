package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.StatusQueue;
import io.pptpoperator.operator.status.WriteBudget;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The operator in a cluster: its parts, put together, started and stopped. With leader election the caches are filled from
 * the start, so that whoever takes over can do so at once; only the leader writes.
 */
public final class OperatorRuntime implements AutoCloseable {

    private static final String LEASE = "pptp-operator";
    /** The lease lasts long enough for a slow API server, and short enough for somebody who waits. */
    private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

    private static final int USER_WRITES_PER_SECOND = 40;
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
    private final ServerReconciliation reconciliation;
    private final Clock clock;
    private final OperatorSettings settings;
    private volatile boolean leading;

    /**
     * Puts the parts together.
     *
     * @param client stays the caller's to close
     * @param metrics counts what the controllers do
     */
    public OperatorRuntime(KubernetesClient client, OperatorSettings settings, Metrics metrics, Clock clock) {
        this.clock = clock;
        this.settings = settings;
        var random = new SecureRandom();
        caches = new Caches(client, settings.watched());
        statuses = new StatusQueue(clock);
        var budget = new WriteBudget(USER_WRITES_PER_SECOND, USER_WRITES_PER_SECOND);
        var events = new EventRecorder(client, settings.identity(), clock);
        var pki = new PkiStore(client, settings.namespace(), clock, random);
        var wakeups = new Wakeups();
        reconciliation = new ServerReconciliation(client, settings, caches, sessions, pki,
                new ObjectWriter(client, caches), clock, random);
        statuses.setWriter(PptpServer.class,
                new ServerStatusWriter(client, caches, reconciliation, states, sessions, budget, events,
                        clock)::write);
        statuses.setWriter(VpnUser.class,
                new UserStatusWriter(client, caches, states, sessions, budget, events, clock)::write);
        poller = new SessionPoller(caches, reconciliation, states, sessions, pki, statuses, wakeups, events,
                clock);
        new ClusterChanges(caches, wakeups, statuses).listen(server -> {
            states.remove(ObjectKey.of(server));
            reconciliation.forget(server);
        }, poller::disconnect);

        operator = new Operator(overrider -> {
            overrider.withKubernetesClient(client).withCloseClientOnStop(false).withMetrics(metrics)
                    .withConcurrentReconciliationThreads(RECONCILE_THREADS)
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5));
            if (settings.leaderElection()) {
                overrider.withLeaderElectionConfiguration(leaderElection());
            }
        });
        operator.register(new PptpServerReconciler(reconciliation, states, statuses, events, wakeups),
                (ControllerConfigurationOverrider<PptpServer> it) -> configure(it)
                        // Whatever happens at once is rendered once.
                        .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), 2)));
        operator.register(
                new VpnUserReconciler(client, caches, statuses, budget, events, wakeups, clock, random),
                (ControllerConfigurationOverrider<VpnUser> it) -> configure(it));
    }

    private <R extends HasMetadata> ControllerConfigurationOverrider<R> configure(
            ControllerConfigurationOverrider<R> controller) {
        Set<String> namespaces = settings.watched();
        return (namespaces.isEmpty()
                ? controller.watchingAllNamespaces()
                : controller.settingNamespaces(namespaces))
                .withReconciliationMaxInterval(RESYNC)
                .withRetry(new GenericRetry().setInitialInterval(1000).setIntervalMultiplier(2)
                        .setMaxInterval(30_000)
                        .withoutMaxAttempts());
    }

    private LeaderElectionConfiguration leaderElection() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(settings.namespace()).withIdentity(settings.identity())
                .withLeaseDuration(LEASE_DURATION).withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY_PERIOD)
                .withLeaderCallbacks(new LeaderCallbacks(this::lead, () -> leading = false, leader -> {}))
                .build();
    }

    /**
     * Starts the operator.
     *
     * @throws IllegalStateException when the API server does not tell what the operator has to know
     */
    public void start() {
        caches.start();
        operator.start();
        if (!settings.leaderElection()) {
            lead();
        }
    }

    private void lead() {
        leading = true;
        statuses.start();
        poller.start();
    }

    /** Whether this process is the one that writes. */
    public boolean isLeading() {
        return leading;
    }

    /** What does not work, each as a sentence; nothing when the operator is healthy. */
    public List<String> problems() {
        var problems = new ArrayList<String>();
        Instant hanging = clock.instant().minus(ALIVE);
        if (!caches.isHealthy()) {
            problems.add("a watch is not running");
        }
        if (leading && statuses.lastSeenAlive().isBefore(hanging)) {
            problems.add("no status has been written for two minutes, although some wait");
        }
        if (leading && poller.lastSeenAlive().isBefore(hanging)) {
            problems.add("no pod has been asked for its sessions for two minutes");
        }
        if (!operator.getRuntimeInfo().allEventSourcesAreHealthy()) {
            problems.add("a controller's event source is not healthy");
        }
        return problems;
    }

    /** How many statuses wait to be written. */
    public int waitingStatuses() {
        return statuses.size();
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
        boolean applying = reconciliation.pods(server).stream().filter(PptpServerStatuses::isReady)
                .anyMatch(pod -> reconciliation.isOutdated(server, pod, state));
        return applying ? Duration.between(state.renderedAt(), now) : Duration.ZERO;
    }

    @Override
    public void close() {
        leading = false;
        poller.close();
        statuses.close();
        operator.stop();
        caches.close();
    }
}
