package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.pki.OperatorPki;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.session.AdminClient;
import io.pptpoperator.operator.session.Disconnection;
import io.pptpoperator.operator.session.LiveSession;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionLimits;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.session.UserSession;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all pods of all servers for their sessions, again and again; has the statuses written that change by that, and
 * ends sessions of users that have too many of them at several pods, or whose annotation asks for it.
 */
final class SessionPoller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionPoller.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** While a pod has not read its newest files: others wait for that. */
    private static final Duration INTERVAL_WHILE_APPLYING = Duration.ofSeconds(1);
    /** What a pod that does not answer said last is believed for so long. */
    private static final Duration BELIEVED = Duration.ofSeconds(30);

    private final Caches caches;
    private final ServerReconciliation reconciliation;
    private final ServerStates states;
    private final SessionTable sessions;
    private final PkiStore pki;
    private final StatusQueue statuses;
    private final Wakeups wakeups;
    private final EventRecorder events;
    private final Clock clock;
    private final Map<ObjectKey, PodState> pods = new ConcurrentHashMap<>();
    private final Map<ObjectKey, Connection> connections = new ConcurrentHashMap<>();
    private final Thread ticks = Thread.ofPlatform().daemon().name("session-poller").unstarted(this::work);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Instant lastSeenAlive;

    /** What is known of one pod. Only the thread that asks it, one at a time, writes here; anybody may make it due. */
    private static final class PodState {
        private volatile boolean asking;
        private volatile Instant due = Instant.MIN;
        private volatile Instant answered = Instant.MIN;
        private volatile boolean complained;
    }

    private record Connection(OperatorPki pki, AdminClient client) {}

    SessionPoller(Caches caches, ServerReconciliation reconciliation, ServerStates states,
            SessionTable sessions,
            PkiStore pki, StatusQueue statuses, Wakeups wakeups, EventRecorder events, Clock clock) {
        this.caches = caches;
        this.reconciliation = reconciliation;
        this.states = states;
        this.sessions = sessions;
        this.pki = pki;
        this.statuses = statuses;
        this.wakeups = wakeups;
        this.events = events;
        this.clock = clock;
        lastSeenAlive = clock.instant();
    }

    /** Starts asking. */
    void start() {
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
    Instant lastSeenAlive() {
        return lastSeenAlive;
    }

    private void tick() {
        try {
            lastSeenAlive = clock.instant();
            var present = new HashSet<ObjectKey>();
            caches.servers().stream().forEach(server -> askDuePods(server, present));
            pods.keySet().retainAll(present);
            forgetAbsent(present);
        } catch (RuntimeException e) {
            LOG.warn("Asking the pods for their sessions failed, and is tried again", e);
        }
    }

    private void askDuePods(PptpServer server, Set<ObjectKey> present) {
        for (Pod pod : podsWithAddress(server)) {
            ObjectKey key = ObjectKey.of(pod);
            present.add(key);
            PodState state = pods.computeIfAbsent(key, it -> new PodState());
            if (!state.asking && !state.due.isAfter(clock.instant())) {
                state.asking = true;
                calls.execute(() -> askInContext(server, pod, state));
            }
        }
    }

    private List<Pod> podsWithAddress(PptpServer server) {
        return reconciliation.pods(server).stream()
                .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null).toList();
    }

    private void forgetAbsent(Set<ObjectKey> present) {
        for (ObjectKey server : sessions.servers()) {
            sessions.pods(server).stream()
                    .filter(pod -> !present.contains(new ObjectKey(server.namespace(), pod)))
                    .forEach(pod -> changed(server, sessions.forget(server, pod)));
        }
        connections.keySet().removeIf(server -> {
            boolean gone = caches.servers().get(server).isEmpty();
            if (gone) {
                connections.get(server).client.close();
            }
            return gone;
        });
    }

    @SuppressWarnings("try") // is there to be closed
    private void askInContext(PptpServer server, Pod pod, PodState state) {
        try (var context = new LogContext("PptpServer", ObjectKey.of(server))) {
            ask(server, pod, state);
        }
    }

    private void ask(PptpServer server, Pod pod, PodState state) {
        ObjectKey key = ObjectKey.of(server);
        String name = pod.getMetadata().getName();
        try {
            Optional<PodReport> before = sessions.report(key, name);
            PodReport report = takeReport(server, pod);
            state.answered = clock.instant();
            state.complained = false;
            boolean sameFiles = before.filter(it -> it.serverDigest().equals(report.serverDigest())
                    && it.usersDigest().equals(report.usersDigest())).isPresent();
            if (!sameFiles) {
                wakeups.wakeServer(key);
                statuses.offer(PptpServer.class, key);
            }
            enforceLimits(server, pod);
            obeyDisconnections(server, report);
        } catch (IOException | RuntimeException e) {
            if (!state.complained) {
                state.complained = true;
                LOG.info("Pod {} of PptpServer {} does not answer the operator: {}", name, key, e.toString());
            }
            if (state.answered.plus(BELIEVED).isBefore(clock.instant())) {
                changed(key, sessions.forget(key, name));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            boolean applying = states.get(key).filter(it -> reconciliation.isOutdated(server, pod, it))
                    .isPresent();
            state.due = clock.instant().plus(applying ? INTERVAL_WHILE_APPLYING : INTERVAL);
            state.asking = false;
        }
    }

    /** Asks a pod, and notes what it says. */
    private PodReport takeReport(PptpServer server, Pod pod) throws IOException, InterruptedException {
        ObjectKey key = ObjectKey.of(server);
        PodReport report = client(server).report(address(server, pod), Names.member(server, pod));
        changed(key, sessions.update(key, pod.getMetadata().getName(), report));
        return report;
    }

    private void changed(ObjectKey server, Set<String> usernames) {
        if (!usernames.isEmpty()) {
            statuses.offer(PptpServer.class, server);
            states.get(server).ifPresent(state -> usernames.stream().map(state.usernames()::get)
                    .filter(user -> user != null).forEach(user -> statuses.offer(VpnUser.class, user)));
        }
    }

    /** Looks at everybody each time, so that a session whose end failed is ended later. */
    private void enforceLimits(PptpServer server, Pod asked) throws InterruptedException {
        if (surplus(server).isEmpty()) {
            return;
        }
        // A session that the other pods told of may be over by now, and the new one all that its user has.
        for (Pod pod : podsWithAddress(server)) {
            if (!ObjectKey.of(pod).equals(ObjectKey.of(asked))) {
                refresh(server, pod);
            }
        }
        for (UserSession session : surplus(server)) {
            end(server, session, EventReason.SessionLimit, "the user has too many");
        }
    }

    private void refresh(PptpServer server, Pod pod) throws InterruptedException {
        try {
            takeReport(server, pod);
        } catch (IOException e) {
            LOG.debug("Pod {} does not answer: {}", pod.getMetadata().getName(), e.toString());
        }
    }

    private List<UserSession> surplus(PptpServer server) {
        ObjectKey key = ObjectKey.of(server);
        return sessions.sessions(key).entrySet().stream().filter(it -> it.getValue().size() > 1)
                .flatMap(it -> SessionLimits.surplus(server, it.getValue(), ownLimit(key, it.getKey()))
                        .stream())
                .toList();
    }

    private OptionalInt ownLimit(ObjectKey server, String username) {
        return user(server, username).map(user -> user.getSpec().sessions()).map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    private void obeyDisconnections(PptpServer server, PodReport report) throws InterruptedException {
        ObjectKey key = ObjectKey.of(server);
        for (String username : report.sessions().stream().map(LiveSession::username).distinct().toList()) {
            Optional<VpnUser> user = user(key, username);
            if (user.flatMap(Disconnection::text).isPresent()) {
                obeyDisconnection(server, user.get());
            }
        }
    }

    private void obeyDisconnection(PptpServer server, VpnUser user) throws InterruptedException {
        String text = Disconnection.text(user).orElseThrow();
        try {
            Disconnection order = Disconnection.parse(text);
            for (UserSession session : sessions.sessions(ObjectKey.of(server), user.username())) {
                if (order.ends(session.session())) {
                    end(server, session, EventReason.Disconnected,
                            "annotation " + Disconnection.ANNOTATION + " asks for it");
                }
            }
        } catch (IllegalArgumentException e) {
            events.record(user, EventReason.InvalidAnnotation, e.getMessage());
        }
    }

    /** Obeys a changed annotation at once, instead of when the pods are asked next. */
    void disconnect(VpnUser user) {
        calls.execute(() -> {
            try {
                for (PptpServer server : caches.servers().stream().toList()) {
                    Optional<VpnUser> known = user(ObjectKey.of(server), user.username());
                    if (known.filter(it -> ObjectKey.of(it).equals(ObjectKey.of(user))).isPresent()) {
                        obeyDisconnection(server, user);
                        askSoon(server);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void askSoon(PptpServer server) {
        reconciliation.pods(server).stream().map(ObjectKey::of).map(pods::get).filter(Objects::nonNull)
                .forEach(state -> state.due = clock.instant());
    }

    private Optional<VpnUser> user(ObjectKey server, String username) {
        return states.get(server).map(state -> state.usernames().get(username)).flatMap(caches.users()::get);
    }

    private void end(PptpServer server, UserSession session, EventReason reason, String why)
            throws InterruptedException {
        Optional<Pod> pod = caches.pods()
                .get(new ObjectKey(server.getMetadata().getNamespace(), session.pod()));
        if (pod.isEmpty()) {
            return;
        }
        String username = session.session().username();
        try {
            client(server).end(address(server, pod.get()), session.session().id());
            user(session.server(), username).ifPresent(user -> events.record(user, reason,
                    "ended the session from " + session.session().peer() + " at pod " + session.pod() + ": "
                            + why));
        } catch (IOException e) {
            LOG.info("A session of {} at pod {} could not be ended, and will be tried again: {}", username,
                    session.pod(), e.toString());
        }
    }

    private AdminClient client(PptpServer server) {
        OperatorPki current = pki.current();
        return connections.compute(ObjectKey.of(server), (key, connection) -> {
            if (connection != null && connection.pki.equals(current)) {
                return connection;
            }
            if (connection != null) {
                connection.client.close();
            }
            return new Connection(current, new AdminClient(current, Names.adminHost(server), calls));
        }).client();
    }

    private static String address(PptpServer server, Pod pod) {
        return pod.getStatus().getPodIP() + ":" + ServerObjects.adminPort(server, pod);
    }

    @Override
    public void close() {
        ticks.interrupt();
        calls.shutdownNow();
        connections.values().forEach(connection -> connection.client.close());
    }
}
