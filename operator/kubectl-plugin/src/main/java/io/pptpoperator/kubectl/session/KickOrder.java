package io.pptpoperator.kubectl.session;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.operator.session.Disconnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which sessions of which user shall end.
 *
 * @param user who has them
 * @param order what the operator is asked to do
 */
record KickOrder(VpnUser user, Disconnection order) {

    /**
     * All sessions that a user has now. No clock of this machine takes part: the order names the moment after the
     * newest session began, as the server's own clock saw it.
     *
     * @return nothing when the user has none
     */
    static Optional<KickOrder> all(VpnUser user) {
        return newest(user).map(since -> new KickOrder(user, new Disconnection(after(since), Optional.empty())));
    }

    /** One session, by its id or by the address that the client got. */
    static Optional<KickOrder> one(List<VpnUser> users, List<SessionRow> sessions, String target) {
        return sessions.stream()
                .filter(it -> target.equals(it.id()) || target.equals(it.address()))
                .findFirst()
                .flatMap(session -> users.stream()
                        .filter(user -> user.username().equals(session.user()))
                        .findFirst()
                        .map(user -> new KickOrder(user,
                                new Disconnection(after(session.since()), Optional.of(target)))));
    }

    /** Sessions of users that no VpnUser is: all of a name, or one by its id or address. */
    static List<SessionRow> withoutVpnUser(List<VpnUser> users, List<SessionRow> sessions, String target) {
        return sessions.stream()
                .filter(it -> it.id() != null && users.stream().noneMatch(user -> user.username().equals(it.user())))
                .filter(it -> target.equals(it.user()) || target.equals(it.id()) || target.equals(it.address()))
                .toList();
    }

    /** Status tells whole seconds: a session that began within the second is older than the next one. */
    private static Instant after(Instant since) {
        return Instant.ofEpochSecond(since.getEpochSecond() + 1);
    }

    private static Optional<Instant> newest(VpnUser user) {
        return Optional.ofNullable(user.getStatus()).map(VpnUserStatus::session).map(VpnUserStatus.Session::since);
    }

    /** How many sessions the user's status counts. */
    static int sessions(VpnUser user) {
        return Optional.ofNullable(user.getStatus()).map(VpnUserStatus::sessions).orElse(0);
    }

    /** Whether a later state of the user shows that the order was obeyed. */
    boolean isObeyed(VpnUser later) {
        boolean newestIsNewer = newest(later).map(since -> !since.isBefore(order.before())).orElse(true);
        return order.only().isEmpty() ? newestIsNewer : newestIsNewer || sessions(later) < sessions(user);
    }
}
