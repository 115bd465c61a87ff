package io.pptpoperator.operator.reconciler.polling;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.reconciler.controller.ServerStates;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.status.StatusQueue;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Asks pods, notes in the session table what they say, and has the statuses written that change by that. */
final class PodReports {

    private final AdminPorts ports;
    private final SessionTable sessions;
    private final ServerStates states;
    private final StatusQueue statuses;
    private final Map<ObjectKey, ReentrantLock> turns = new ConcurrentHashMap<>();

    PodReports(AdminPorts ports, SessionTable sessions, ServerStates states, StatusQueue statuses) {
        this.ports = ports;
        this.sessions = sessions;
        this.states = states;
        this.statuses = statuses;
    }

    /**
     * Asks a pod. Whoever asks the same one meanwhile waits, and then asks it anew: an older report never comes after a
     * newer one, and each is of a time after it was asked for.
     */
    PodReport take(PptpServer server, Pod pod) throws IOException, InterruptedException {
        ObjectKey key = ObjectKey.of(server);
        ReentrantLock turn = turns.computeIfAbsent(ObjectKey.of(pod), it -> new ReentrantLock());
        turn.lockInterruptibly();
        try {
            PodReport report = ports.report(server, pod);
            if (!sessions.hasRoomFor(key, pod.getMetadata().getName(), report)) {
                throw new IOException("the pods tell of more sessions and logins than the operator remembers: "
                        + SessionTable.MAX_OF_SERVER + " of a server, " + SessionTable.MAX_OF_ALL + " of all");
            }
            changed(key, sessions.update(key, pod.getMetadata().getName(), report));
            return report;
        } finally {
            turn.unlock();
        }
    }

    /** What a pod said last. */
    Optional<PodReport> last(PptpServer server, Pod pod) {
        return sessions.report(ObjectKey.of(server), pod.getMetadata().getName());
    }

    /** Believes no longer what a pod said last. */
    void forget(ObjectKey server, String pod) {
        changed(server, sessions.forget(server, pod));
    }

    /** Forgets all pods but these. */
    void forgetAllBut(Set<ObjectKey> present) {
        turns.keySet().retainAll(present);
        for (ObjectKey server : sessions.servers()) {
            sessions.pods(server)
                    .stream()
                    .filter(pod -> !present.contains(new ObjectKey(server.namespace(), pod)))
                    .forEach(pod -> forget(server, pod));
        }
    }

    private void changed(ObjectKey server, Set<String> usernames) {
        if (!usernames.isEmpty()) {
            statuses.offer(PptpServer.class, server);
            states.get(server)
                    .ifPresent(state -> usernames.stream()
                            .map(state.usernames()::get)
                            .filter(user -> user != null)
                            .forEach(user -> statuses.offer(VpnUser.class, user)));
        }
    }

    /** Has the status of a server and of all its users looked at. */
    void offerEverybody(ObjectKey server) {
        statuses.offer(PptpServer.class, server);
        states.get(server)
                .ifPresent(state -> state.usernames().values().forEach(user -> statuses.offer(VpnUser.class, user)));
    }
}
