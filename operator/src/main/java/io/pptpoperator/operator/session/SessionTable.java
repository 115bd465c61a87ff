package io.pptpoperator.operator.session;

import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What all pods of all servers reported last. Safe for use by many threads. */
public final class SessionTable {

    /** How many sessions and users with logins are remembered of a server. */
    public static final int MAX_OF_SERVER = 100_000;
    /** How many of all servers together; each needs some hundred bytes. */
    public static final int MAX_OF_ALL = 200_000;

    private final Map<ObjectKey, ServerSessions> servers = new ConcurrentHashMap<>();

    /** One server's reports by pod, and its sessions and logins by username. */
    private record ServerSessions(Map<String, PodReport> reports, Map<String, List<UserSession>> sessions,
            Map<String, LoginView> logins) {

        int size() {
            return reports.values().stream().mapToInt(PodReport::size).sum();
        }

        static final ServerSessions NONE = new ServerSessions(Map.of(), Map.of(), Map.of());

        static ServerSessions of(ObjectKey server, Map<String, PodReport> reports) {
            var sessions = new HashMap<String, List<UserSession>>();
            var logins = new HashMap<String, LoginView>();
            reports.forEach((pod, report) -> {
                report.sessions()
                        .forEach(session -> sessions.computeIfAbsent(session.user(), name -> new ArrayList<>())
                                .add(new UserSession(server, pod, session)));
                report.logins().forEach(login -> logins.merge(login.user(), login, LoginView::merge));
            });
            sessions.values()
                    .forEach(list -> list.sort(Comparator.comparing((UserSession it) -> it.session().since())
                            .thenComparing(it -> it.session().id())));
            return new ServerSessions(reports, sessions, logins);
        }
    }

    /**
     * Takes a pod's report in the place of its last one.
     *
     * @return the names of the users whose sessions or logins are not what they were
     */
    public Set<String> update(ObjectKey server, String pod, PodReport report) {
        return replace(server, pod, Optional.of(report));
    }

    /** Whether a report can take the place of the pod's last one, without too much being remembered. */
    public boolean hasRoomFor(ObjectKey server, String pod, PodReport report) {
        int less = report(server, pod).map(PodReport::size).orElse(0);
        int ofServer = of(server).size() - less + report.size();
        int ofAll = servers.values().stream().mapToInt(ServerSessions::size).sum() - less + report.size();
        return ofServer <= MAX_OF_SERVER && ofAll <= MAX_OF_ALL;
    }

    /**
     * Forgets a pod that is gone or does not answer any more.
     *
     * @return the names of the users whose sessions or logins are not what they were
     */
    public Set<String> forget(ObjectKey server, String pod) {
        return replace(server, pod, Optional.empty());
    }

    private Set<String> replace(ObjectKey server, String pod, Optional<PodReport> report) {
        var changed = new HashSet<String>();
        servers.compute(server, (key, before) -> {
            ServerSessions old = before == null ? ServerSessions.NONE : before;
            var reports = new HashMap<>(old.reports);
            report.ifPresentOrElse(it -> reports.put(pod, it), () -> reports.remove(pod));
            ServerSessions now = ServerSessions.of(server, reports);
            collectChanges(old.sessions, now.sessions, changed);
            collectChanges(old.logins, now.logins, changed);
            return reports.isEmpty() ? null : now;
        });
        return changed;
    }

    private static void collectChanges(Map<String, ?> before, Map<String, ?> after, Set<String> changed) {
        after.forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                changed.add(name);
            }
        });
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(changed::add);
    }

    private ServerSessions of(ObjectKey server) {
        return servers.getOrDefault(server, ServerSessions.NONE);
    }

    /** A pod's last report. */
    public Optional<PodReport> report(ObjectKey server, String pod) {
        return Optional.ofNullable(of(server).reports.get(pod));
    }

    /** All pods' last reports, by the pod's name, as they are at this moment. */
    public Map<String, PodReport> reports(ObjectKey server) {
        return Map.copyOf(of(server).reports);
    }

    /** The pods that have reported. */
    public Set<String> pods(ObjectKey server) {
        return Set.copyOf(of(server).reports.keySet());
    }

    /** The servers that have pods that have reported. */
    public Set<ObjectKey> servers() {
        return Set.copyOf(servers.keySet());
    }

    /** A user's sessions at one server, oldest first. */
    public List<UserSession> sessions(ObjectKey server, String username) {
        return of(server).sessions.getOrDefault(username, List.of());
    }

    /** All sessions of a server, by username. */
    public Map<String, List<UserSession>> sessions(ObjectKey server) {
        return of(server).sessions;
    }

    /** A user's recent logins at one server. */
    public Optional<LoginView> logins(ObjectKey server, String username) {
        return Optional.ofNullable(of(server).logins.get(username));
    }

    /** How many sessions a server has. */
    public int count(ObjectKey server) {
        return of(server).reports.values().stream().mapToInt(report -> report.sessions().size()).sum();
    }

    /** The addresses of all sessions of a server. */
    public List<Ipv4Address> addresses(ObjectKey server) {
        return of(server).reports.values()
                .stream()
                .flatMap(report -> report.sessions().stream())
                .map(session -> session.address())
                .toList();

    }
}
