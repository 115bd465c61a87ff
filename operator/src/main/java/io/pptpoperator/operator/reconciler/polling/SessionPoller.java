package io.pptpoperator.operator.reconciler.polling;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.reconciler.controller.ServerPods;
import io.pptpoperator.operator.reconciler.controller.ServerStates;
import io.pptpoperator.operator.reconciler.controller.Wakeups;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.status.StatusQueue;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all pods of all servers for their sessions, again and again, and has done what follows from the answers. */
public final class SessionPoller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionPoller.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** While a pod has not read its newest files: others wait for that. */
    private static final Duration INTERVAL_WHILE_APPLYING = Duration.ofSeconds(1);
    /** What is known of a pod that does not answer is believed for so long. */
    private static final Duration BELIEVED = Duration.ofSeconds(30);

    private final Caches caches;
    private final ServerPods serverPods;
    private final ServerStates states;
    private final StatusQueue statuses;
    private final Wakeups wakeups;
    private final Clock clock;
    private final AdminPorts ports;
    private final PodReports reports;
    private final SessionEnforcement enforcement;
    private final Map<ObjectKey, PodState> pods = new ConcurrentHashMap<>();
    private final Thread ticks = Thread.ofPlatform().daemon().name("session-poller").unstarted(this::work);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Instant lastSeenAlive;

    /** What is known of one pod. Only the thread that asks it, one at a time, writes here; anybody may make it due. */
    private static final class PodState {
        private volatile boolean asking;
        private volatile boolean dueNow = true;
        private volatile Instant due = Instant.MIN;
        /** When it answered; before it did, when it was first seen. */
        private volatile Instant answered;
        /** Its sessions are known, or it was silent for so long that it is taken to have none. */
        private volatile boolean heard;
        private volatile boolean complained;

        private PodState(Instant now) {
            answered = now;
        }
    }

    /** Puts the parts together. */
    public SessionPoller(Caches caches, ServerPods serverPods, ServerStates states, SessionTable sessions, PkiStore pki,
            StatusQueue statuses, Wakeups wakeups, EventRecorder events, Clock clock) {
        this.caches = caches;
        this.serverPods = serverPods;
        this.states = states;
        this.statuses = statuses;
        this.wakeups = wakeups;
        this.clock = clock;
        ports = new AdminPorts(caches, pki, calls);
        reports = new PodReports(ports, sessions, states, statuses);
        enforcement = new SessionEnforcement(caches, states, sessions, reports, ports, events);
        lastSeenAlive = clock.instant();
    }

    /** Starts asking. */
    public void start() {
        lastSeenAlive = clock.instant();
        ticks.start();
    }

    private void work() {
        try {
            while (true) {
                tick();
                Thread.sleep(TICK);
            }
        } catch (InterruptedException e) {
            LOG.debug("The session poller ends");
        }
    }

    /** When the poller last looked whom to ask; long ago when it hangs. */
    public Instant lastSeenAlive() {
        return lastSeenAlive;
    }

    /**
     * Whether the sessions of a pod are known. Those of one that an operator has just begun to look after, or that has
     * just come, are not before it has answered.
     */
    public boolean hasHeardOf(Pod pod) {
        return Optional.ofNullable(pods.get(ObjectKey.of(pod))).filter(state -> state.heard).isPresent();
    }

    private void tick() {
        try {
            lastSeenAlive = clock.instant();
            var present = new HashSet<ObjectKey>();
            caches.servers().stream().forEach(server -> askDuePods(server, present));
            pods.keySet().retainAll(present);
            reports.forgetAllBut(present);
            ports.tidyUp();
        } catch (RuntimeException e) {
            LOG.warn("Asking the pods for their sessions failed, and is tried again", e);
        }
    }

    private void askDuePods(PptpServer server, Set<ObjectKey> present) {
        for (Pod pod : serverPods.withAddress(server)) {
            ObjectKey key = ObjectKey.of(pod);
            present.add(key);
            PodState state = pods.computeIfAbsent(key, it -> new PodState(clock.instant()));
            if (!state.asking && (state.dueNow || !state.due.isAfter(clock.instant()))) {
                state.asking = true;
                state.dueNow = false;
                calls.execute(() -> askInContext(server, pod, state));
            }
        }
    }

    @SuppressWarnings("try") // is there to be closed
    private void askInContext(PptpServer server, Pod pod, PodState state) {
        try (var context = new LogContext("PptpServer", ObjectKey.of(server))) {
            ask(server, pod, state);
        }
    }

    private void ask(PptpServer server, Pod pod, PodState state) {
        ObjectKey key = ObjectKey.of(server);
        try {
            Optional<PodReport> before = reports.last(server, pod);
            PodReport report = reports.take(server, pod);
            state.answered = clock.instant();
            state.complained = false;
            heard(key, state);
            boolean sameFiles = before.filter(it -> it.serverDigest().equals(report.serverDigest())
                    && it.usersDigest().equals(report.usersDigest()) && it.radiusDigest().equals(report.radiusDigest())
                    && it.profilesDigest().equals(report.profilesDigest())).isPresent();
            if (before.filter(it -> it.usersSchema() == report.usersSchema()).isEmpty()) {
                reports.offerEverybody(key);
            }
            if (!sameFiles) {
                wakeups.wakeServer(key);
                statuses.offer(PptpServer.class, key);
            }
            if (!before.map(SessionPoller::radius).equals(Optional.of(radius(report)))) {
                statuses.offer(PptpServer.class, key);
            }
            enforcement.keepLimits(server);
            enforcement.obey(server, report);
        } catch (IOException | RuntimeException e) {
            failed(key, pod, state, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            boolean applying = states.get(key).filter(it -> serverPods.isOutdated(server, pod, it)).isPresent();
            state.due = clock.instant().plus(applying ? INTERVAL_WHILE_APPLYING : INTERVAL);
            state.asking = false;
        }
    }

    /** What a pod says of RADIUS servers, without what changes with every answer. */
    private static List<List<String>> radius(PodReport report) {
        return report.radius()
                .map(RadiusView::servers)
                .orElse(List.of())
                .stream()
                .map(it -> List.of(it.name(), it.reason(), it.message()))
                .toList();
    }

    private void failed(ObjectKey server, Pod pod, PodState state, Exception failure) {
        String name = pod.getMetadata().getName();
        if (!state.complained) {
            state.complained = true;
            LOG.info("Pod {} of PptpServer {} does not answer the operator: {}", name, server,
                    ApiErrors.sentence(failure));
        }
        if (state.answered.plus(BELIEVED).isBefore(clock.instant())) {
            reports.forget(server, name);
            heard(server, state);
        }
    }

    /** Statuses that went by what was known before have to be looked at once more. */
    private void heard(ObjectKey server, PodState state) {
        if (!state.heard) {
            state.heard = true;
            reports.offerEverybody(server);
        }
    }

    /** Obeys a changed annotation at once, instead of when the pods are asked next. */
    public void disconnect(VpnUser user) {
        calls.execute(() -> {
            try {
                enforcement.obey(user).forEach(this::askSoon);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void askSoon(PptpServer server) {
        serverPods.placed(server)
                .stream()
                .map(ObjectKey::of)
                .map(pods::get)
                .filter(Objects::nonNull)
                .forEach(state -> state.dueNow = true);
    }

    @Override
    public void close() {
        ticks.interrupt();
        calls.shutdownNow();
        ports.close();
    }
}
