package io.pptpoperator.operator.session;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.SessionPolicy.WhenExceeded;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Which sessions have to end because of what other pods have: too many of their user's, or the same address. */
public final class SessionLimits {

    private SessionLimits() {}

    /**
     * The sessions to end because another pod has given the same address: a user's own address, which every pod has, or
     * one that became or ceased to be somebody's own a moment ago. Of a user's own sessions those end that the server's
     * policy for too many says; of two users' the newer ones.
     *
     * @param sessions all sessions of the server
     */
    public static List<UserSession> duplicates(PptpServer server, Collection<UserSession> sessions) {
        var byAddress = new HashMap<Ipv4Address, List<UserSession>>();
        sessions.forEach(it -> byAddress.computeIfAbsent(it.session().address(), key -> new ArrayList<>(1)).add(it));
        return byAddress.values()
                .stream()
                .filter(it -> it.size() > 1)
                .flatMap(it -> duplicatesOfOne(server, it).stream())
                .toList();
    }

    private static List<UserSession> duplicatesOfOne(PptpServer server, List<UserSession> sessions) {
        if (sessions.stream().map(UserSession::pod).distinct().count() < 2) {
            return List.of();
        }
        sessions.sort(
                Comparator.comparing((UserSession it) -> it.session().since()).thenComparing(it -> it.session().id()));
        boolean oneUser = sessions.stream().map(it -> it.session().user()).distinct().count() == 1;
        return oneUser && server.getSpec().sessionPolicy().whenExceeded() == WhenExceeded.Replace
                ? sessions.subList(0, sessions.size() - 1)
                : sessions.subList(1, sessions.size());
    }

    /**
     * How many sessions the newest login of a user was granted, when it was granted a number.
     *
     * @param sessions of one user, oldest first
     */
    public static Optional<Integer> granted(List<UserSession> sessions) {
        return sessions.isEmpty() ? Optional.empty() : Optional.ofNullable(sessions.getLast().session().maxSessions());
    }

    /**
     * The sessions to end. Each pod keeps the limit among its own sessions; only users with sessions at several pods
     * are looked at here.
     *
     * @param sessions all sessions of one user at the server, oldest first
     * @param own the user's own limit instead of the server's
     */
    public static List<UserSession> surplus(PptpServer server, List<UserSession> sessions, OptionalInt own) {
        int limit = own.orElse(server.getSpec().sessionPolicy().perUser());
        int surplus = sessions.size() - limit;
        if (limit == 0 || surplus <= 0 || sessions.stream().map(UserSession::pod).distinct().count() < 2) {
            return List.of();
        }
        return server.getSpec().sessionPolicy().whenExceeded() == WhenExceeded.Replace
                ? sessions.subList(0, surplus)
                : sessions.subList(limit, sessions.size());
    }

    /**
     * The sessions to end, sure that they are too many at once. Pods' reports are of different times: a session that
     * one told of may have ended before its user came to another. What the reports tell, and those that were asked for
     * afterwards tell again, was there together at least in between.
     *
     * @param sessions all sessions of one user at the server as its pods told, oldest first
     * @param again what its pods told when they were asked once more
     */
    public static List<UserSession> surplus(PptpServer server, List<UserSession> sessions, Set<UserSession> again,
            OptionalInt own) {
        return surplus(server, sessions.stream().filter(again::contains).toList(), own);
    }
}
