package io.pptpoperator.operator.reconciler.polling;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.reconciler.controller.ServerStates;
import io.pptpoperator.operator.roster.UserVerdict.Accepted;
import io.pptpoperator.operator.session.Disconnection;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionLimits;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.session.UserSession;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions of users that have too many of them at several pods, those whose address another pod has given as well,
 * and those whose end an annotation orders.
 */
final class SessionEnforcement {

    private static final Logger LOG = LoggerFactory.getLogger(SessionEnforcement.class);

    private final Caches caches;
    private final ServerStates states;
    private final SessionTable sessions;
    private final PodReports reports;
    private final AdminPorts ports;
    private final EventRecorder events;

    SessionEnforcement(Caches caches, ServerStates states, SessionTable sessions, PodReports reports, AdminPorts ports,
            EventRecorder events) {
        this.caches = caches;
        this.states = states;
        this.sessions = sessions;
        this.reports = reports;
        this.ports = ports;
        this.events = events;
    }

    /** Looks at everybody each time, so that a session whose end failed is ended later. */
    void keepLimits(PptpServer server) throws InterruptedException {
        ObjectKey key = ObjectKey.of(server);
        Map<String, List<UserSession>> byUser = sessions.sessions(key);
        List<UserSession> all = byUser.values().stream().flatMap(List::stream).toList();
        Map<String, List<UserSession>> suspects = byUser.entrySet()
                .stream()
                .filter(it -> it.getValue().size() > 1
                        && !SessionLimits.surplus(server, it.getValue(), ownLimit(key, it.getKey())).isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Set<String> pods = Stream
                .concat(suspects.values().stream(),
                        SessionLimits.duplicates(server, all).isEmpty() ? Stream.empty() : Stream.of(all))
                .flatMap(List::stream)
                .map(UserSession::pod)
                .collect(Collectors.toSet());
        if (pods.isEmpty()) {
            return;
        }
        Set<UserSession> again = askAgain(server, pods);
        var ended = new HashSet<UserSession>();
        for (Map.Entry<String, List<UserSession>> it : suspects.entrySet()) {
            OptionalInt own = ownLimit(key, it.getKey());
            for (UserSession session : SessionLimits.surplus(server, it.getValue(), again, own)) {
                ended.add(session);
                end(server, session, EventReason.SessionLimit, "the user has too many");
            }
        }
        for (UserSession session : SessionLimits.duplicates(server,
                all.stream().filter(it -> again.contains(it) && !ended.contains(it)).toList())) {
            end(server, session, EventReason.SessionLimit, "another pod has given the same address");
        }
    }

    /** All sessions at some pods; none at one that does not answer now. */
    private Set<UserSession> askAgain(PptpServer server, Set<String> names) throws InterruptedException {
        var found = new HashSet<UserSession>();
        for (String name : names) {
            Optional<Pod> pod = pod(server, name);
            if (pod.isEmpty()) {
                continue;
            }
            try {
                reports.take(server, pod.get())
                        .sessions()
                        .forEach(it -> found.add(new UserSession(ObjectKey.of(server), name, it)));
            } catch (IOException e) {
                LOG.debug("Pod {} does not answer: {}", name, ApiErrors.sentence(e));
            }
        }
        return found;
    }

    /** What the VpnUser or its profile says; of a user that only RADIUS knows, what its newest login was granted. */
    private OptionalInt ownLimit(ObjectKey server, String username) {
        Optional<VpnUser> user = user(server, username);
        Optional<Integer> limit = user.isPresent()
                ? user.map(it -> it.getSpec().maxSessions()).or(() -> ofProfile(server, user.get()))
                : SessionLimits.granted(sessions.sessions(server, username));
        return limit.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private Optional<Integer> ofProfile(ObjectKey server, VpnUser user) {
        return states.get(server)
                .flatMap(state -> state.roster()
                        .verdicts()
                        .get(ObjectKey.of(user)) instanceof Accepted(UserConfig config)
                                ? config.profile().map(name -> state.profiles().configs().get(name))
                                : Optional.empty())
                .flatMap(it -> it.sessionPolicy().perUser().stream().boxed().findFirst());
    }

    /** Obeys the annotations of the users that a pod told of. */
    void obey(PptpServer server, PodReport report) throws InterruptedException {
        ObjectKey key = ObjectKey.of(server);
        for (String username : report.sessions().stream().map(SessionView::user).distinct().toList()) {
            Optional<VpnUser> user = user(key, username);
            if (user.flatMap(Disconnection::text).isPresent()) {
                obey(server, user.get());
            }
        }
    }

    private void obey(PptpServer server, VpnUser user) throws InterruptedException {
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

    /**
     * Obeys a user's annotation.
     *
     * @return the servers that take the user
     */
    List<PptpServer> obey(VpnUser user) throws InterruptedException {
        List<PptpServer> servers = caches.servers()
                .stream()
                .filter(server -> user(ObjectKey.of(server), user.username()).map(ObjectKey::of)
                        .filter(ObjectKey.of(user)::equals)
                        .isPresent())
                .toList();
        for (PptpServer server : servers) {
            obey(server, user);
        }
        return servers;
    }

    private Optional<VpnUser> user(ObjectKey server, String username) {
        return states.get(server).map(state -> state.usernames().get(username)).flatMap(caches.users()::get);
    }

    private Optional<Pod> pod(PptpServer server, String name) {
        return caches.pods().get(new ObjectKey(server.getMetadata().getNamespace(), name));
    }

    private void end(PptpServer server, UserSession session, EventReason reason, String why)
            throws InterruptedException {
        Optional<Pod> pod = pod(server, session.pod());
        if (pod.isEmpty()) {
            return;
        }
        String username = session.session().user();
        try {
            ports.end(server, pod.get(), session.session().id());
            String told = "the session from " + session.session().peer() + " at pod " + session.pod() + ": " + why;
            user(session.server(), username).ifPresentOrElse(user -> events.record(user, reason, "ended " + told),
                    () -> events.record(server, reason, "ended " + username + "'s, " + told));
        } catch (IOException e) {
            LOG.info("A session of {} at pod {} could not be ended, and will be tried again: {}", username,
                    session.pod(), ApiErrors.sentence(e));
        }
    }
}
