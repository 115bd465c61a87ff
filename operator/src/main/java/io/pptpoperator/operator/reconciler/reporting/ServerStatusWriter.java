package io.pptpoperator.operator.reconciler.reporting;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.crds.PptpServerStatus;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.reconciler.controller.ServerPods;
import io.pptpoperator.operator.reconciler.controller.ServerState;
import io.pptpoperator.operator.reconciler.controller.ServerStates;
import io.pptpoperator.operator.reconciler.polling.SessionPoller;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.RadiusFacts;
import io.pptpoperator.operator.status.RadiusFacts.LeftOut;
import io.pptpoperator.operator.status.ServerFacts;
import io.pptpoperator.operator.status.StatusQueue;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Works out the status of PptpServers, and writes it where it is not what the resource says. */
public final class ServerStatusWriter {

    private final StatusPatch patch;
    private final Caches caches;
    private final ServerPods serverPods;
    private final ServerStates states;
    private final SessionTable sessions;
    private final SessionPoller poller;
    private final EventRecorder events;
    private final PodRefusals refusals;
    private final PodWarnings warnings;
    private final StatusQueue statuses;
    private final Clock clock;
    private final LastWritten<PptpServerStatus> written;

    /** Puts together what statuses are worked out from. */
    public ServerStatusWriter(StatusPatch patch, Caches caches, ServerPods serverPods, ServerStates states,
            SessionTable sessions, SessionPoller poller, EventRecorder events, PodRefusals refusals,
            PodWarnings warnings, StatusQueue statuses, Clock clock) {
        this.patch = patch;
        this.caches = caches;
        this.serverPods = serverPods;
        this.states = states;
        this.sessions = sessions;
        this.poller = poller;
        this.events = events;
        this.refusals = refusals;
        this.warnings = warnings;
        this.statuses = statuses;
        this.clock = clock;
        written = new LastWritten<>(clock);
    }

    /** Writes the status of a server, if it has to be. */
    public void write(ObjectKey key) {
        Optional<PptpServer> found = caches.servers().get(key);
        Optional<ServerState> state = states.get(key);
        if (found.isEmpty() || state.isEmpty()) {
            written.remove(key);
            statuses.forgetDate(PptpServer.class, key);
            return;
        }
        PptpServer server = found.get();
        lookAgainAtOverduePods(server);
        PptpServer current = written.upToDate(server, new PptpServer());
        PptpServerStatus before = current.getStatus();
        PptpServerStatus after = PptpServerStatuses.of(facts(current, state.get()), clock.instant());
        if (after.equals(before) || !patch.write(server, new PptpServer(), after)) {
            return;
        }
        written.put(server, after);
        report(server, before, after);
    }

    /** Nobody tells that a pod has not ended. */
    private void lookAgainAtOverduePods(PptpServer server) {
        Instant now = clock.instant();
        serverPods.all(server)
                .stream()
                .flatMap(pod -> PptpServerStatuses.overdueAt(pod).stream())
                .filter(now::isBefore)
                .min(Comparator.naturalOrder())
                .ifPresentOrElse(time -> statuses.offerAt(PptpServer.class, ObjectKey.of(server), time.plusSeconds(1)),
                        () -> statuses.forgetDate(PptpServer.class, ObjectKey.of(server)));
    }

    private ServerFacts facts(PptpServer server, ServerState state) {
        ObjectKey key = ObjectKey.of(server);
        List<Pod> pods = serverPods.all(server);
        List<String> outdated = pods.stream()
                .filter(PptpServerStatuses::isReady)
                .filter(pod -> serverPods.isOutdated(server, pod, state))
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
        // Until all pods have answered, the sessions are those that the status has.
        Optional<PptpServerStatus> remembered = Optional.ofNullable(server.getStatus())
                .filter(it -> it.pool() != null
                        && !serverPods.withAddress(server).stream().allMatch(poller::hasHeardOf));
        long used = remembered.map(it -> it.pool().used())
                .orElseGet(() -> sessions.addresses(key).stream().filter(state.pools()::contains).count());
        return new ServerFacts(server, state.generation(), state.failure(), state.usernames().size(),
                state.roster().rejected(), state.roster().withoutConsent(), pods, wantedPods(server),
                state.pools().size(), state.withoutShare(), used,
                remembered.map(PptpServerStatus::sessions).orElseGet(() -> sessions.count(key)),
                pods.isEmpty() ? refusals.latest(server) : Optional.empty(), warnings.of(pods), outdated,
                radius(server, state, pods), caches.nodes().isPresent(),
                name -> caches.nodes().flatMap(nodes -> nodes.get(new ObjectKey(null, name))));
    }

    private Optional<RadiusFacts> radius(PptpServer server, ServerState state, List<Pod> pods) {
        if (server.getSpec().radius() == null) {
            return Optional.empty();
        }
        var reports = new TreeMap<String, RadiusView>();
        var tooOld = new ArrayList<String>();
        pods.stream().filter(PptpServerStatuses::isReady).map(it -> it.getMetadata().getName()).forEach(pod -> {
            Optional<PodReport> report = sessions.report(ObjectKey.of(server), pod);
            report.flatMap(PodReport::radius).ifPresent(it -> reports.put(pod, it));
            report.filter(it -> it.radiusDigest().isEmpty()).ifPresent(it -> tooOld.add(pod));
        });
        return Optional.of(new RadiusFacts(
                state.radiusProblems().stream().map(it -> new LeftOut(it.reason().name(), it.message())).toList(),
                reports, tooOld));
    }

    private int wantedPods(PptpServer server) {
        if (server.getSpec().workload() == Workload.StatefulSet) {
            return server.getSpec().replicas();
        }
        return caches.made(DaemonSet.class)
                .get(new ObjectKey(server.getMetadata().getNamespace(), Names.base(server)))
                .map(set -> set.getStatus())
                .map(status -> status.getDesiredNumberScheduled())
                .orElse(0);
    }

    private void report(PptpServer server, PptpServerStatus before, PptpServerStatus after) {
        Condition ready = Conditions.find(after.conditions(), PptpServerStatuses.READY).orElseThrow();
        Condition available = Conditions.find(after.conditions(), PptpServerStatuses.AVAILABLE).orElseThrow();
        boolean wasReady = isTrue(before, PptpServerStatuses.READY);
        boolean news = !ready.reason().equals(reason(before, PptpServerStatuses.READY));
        if (isTrue(after, PptpServerStatuses.READY)) {
            if (!wasReady) {
                events.record(server, EventReason.Ready, ready.message());
            }
        } else if (isTrue(after, PptpServerStatuses.AVAILABLE)) {
            // A pod that is replaced comes back by itself: nothing to warn anybody of.
            if (PptpServerStatuses.isStuck(ready) && news) {
                events.record(server, EventReason.Degraded, ready.message());
            }
        } else if (wasReady || isTrue(before, PptpServerStatuses.AVAILABLE)
                || PptpServerStatuses.isStuck(ready) && news) {
            // That a server which has just been made does not serve yet is nothing to warn anybody of.
            events.record(server, EventReason.NotReady, available.message());
        }
        reportRadius(server, before, after);
    }

    private void reportRadius(PptpServer server, PptpServerStatus before, PptpServerStatus after) {
        Optional<Condition> radius = find(after, PptpServerStatuses.RADIUS_REACHABLE);
        boolean news = radius.isPresent()
                && !radius.get().reason().equals(reason(before, PptpServerStatuses.RADIUS_REACHABLE));
        if (news && radius.get().status() == Condition.Status.False) {
            events.record(server, EventReason.RadiusUnreachable, radius.get().message());
        } else if (news && radius.get().status() == Condition.Status.True) {
            events.record(server, EventReason.RadiusReachable, radius.get().message());
        }
    }

    private static boolean isTrue(PptpServerStatus status, String condition) {
        return find(status, condition).filter(it -> it.status() == Condition.Status.True).isPresent();
    }

    private static String reason(PptpServerStatus status, String condition) {
        return find(status, condition).map(Condition::reason).orElse("");
    }

    private static Optional<Condition> find(PptpServerStatus status, String condition) {
        return Optional.ofNullable(status).flatMap(it -> Conditions.find(it.conditions(), condition));
    }
}
