package io.pptpoperator.operator.session;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.SessionPolicy.WhenExceeded;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Which sessions have to end because a user has more of them at several pods than the server allows. */
public final class SessionLimits {

    private SessionLimits() {}

    /**
     * The sessions to end. Each pod keeps the limit among its own sessions; only users with sessions at several pods are
     * looked at here.
     *
     * @param sessions all sessions of one user at the server, oldest first
     * @param own the user's own limit instead of the server's
     */
    public static List<UserSession> surplus(PptpServer server, List<UserSession> sessions, OptionalInt own) {
        int limit = own.orElse(server.getSpec().sessions().perUser());
        int surplus = sessions.size() - limit;
        if (limit == 0 || surplus <= 0 || sessions.stream().map(UserSession::pod).distinct().count() < 2) {
            return List.of();
        }
        return server.getSpec().sessions().whenExceeded() == WhenExceeded.Replace
                ? sessions.subList(0, surplus)
                : sessions.subList(limit, sessions.size());
    }

    /**
     * The sessions to end, sure that they are too many at once. Pods' reports are of different times: a session that one
     * told of may have ended before its user came to another. What the reports tell, and those that were asked for
     * afterwards tell again, was there together at least in between.
     *
     * @param sessions all sessions of one user at the server as its pods told, oldest first
     * @param again what its pods told when they were asked once more
     */
    public static List<UserSession> surplus(PptpServer server, List<UserSession> sessions,
            Set<UserSession> again,
            OptionalInt own) {
        return surplus(server, sessions.stream().filter(again::contains).toList(), own);
    }
}
