package io.pptpoperator.kubectl.overview;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerStatus;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.kubectl.text.Quantities;
import io.pptpoperator.kubectl.text.TextTable;
import io.pptpoperator.operator.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tables of servers and users. Unlike the columns of {@code kubectl get}, they say of a resource whose newest spec nobody
 * has looked at that nothing is known of it.
 */
final class Overview {

    /** READY of what nobody has looked at since it was changed. */
    private static final String UNKNOWN = "Unknown";
    private static final String NOT_LOOKED_AT = "NotLookedAt";

    private Overview() {}

    static String ofServers(List<PptpServer> servers) {
        var table = new TextTable(List.of("SERVER", "READY", "REASON", "ADDRESS", "PODS", "SESSIONS", "USERS"));
        servers.stream().sorted(Comparator.comparing((PptpServer it) -> it.getMetadata().getName())).forEach(it -> {
            Optional<PptpServerStatus> status = Optional.ofNullable(it.getStatus());
            Optional<Condition> ready = status.flatMap(known -> ready(known.conditions()))
                    .filter(any -> it.isObserved());
            table.add(List.of(it.getMetadata().getName(), ready.map(any -> any.status().name()).orElse(UNKNOWN),
                    ready.map(Condition::reason).orElse(NOT_LOOKED_AT), text(status.map(PptpServerStatus::address)),
                    status.map(known -> number(known.readyReplicas()) + "/" + number(known.replicas())).orElse(""),
                    text(status.map(PptpServerStatus::sessions)), text(status.map(PptpServerStatus::users))));
        });
        return table.toString();
    }

    static String ofUsers(List<VpnUser> users, Instant now) {
        var table = new TextTable(
                List.of("USER", "READY", "STATE", "ADDRESS", "FROM", "SINCE", "LAST LOGIN", "LAST FAILURE"));
        users.stream().sorted(Comparator.comparing((VpnUser it) -> it.getMetadata().getName())).forEach(it -> {
            Optional<VpnUserStatus> status = Optional.ofNullable(it.getStatus());
            Optional<Condition> ready = status.flatMap(known -> ready(known.conditions()))
                    .filter(any -> it.isObserved());
            Optional<VpnUserStatus.Session> session = status.map(VpnUserStatus::session);
            table.add(List.of(it.getMetadata().getName(), ready.map(any -> any.status().name()).orElse(UNKNOWN),
                    ready.isEmpty() ? NOT_LOOKED_AT : text(status.map(VpnUserStatus::state)),
                    text(session.map(VpnUserStatus.Session::address)), text(session.map(VpnUserStatus.Session::from)),
                    session.map(known -> age(known.since(), now)).orElse(""),
                    status.map(VpnUserStatus::lastLogin).map(time -> age(time, now) + " ago").orElse(""),
                    status.map(VpnUserStatus::lastFailure)
                            .map(failure -> age(failure.time(), now) + " ago: " + failure.reason())
                            .orElse("")));
        });
        return table.toString();
    }

    private static Optional<Condition> ready(List<Condition> conditions) {
        return Conditions.find(conditions, "Ready");
    }

    private static String text(Optional<?> value) {
        return value.map(Object::toString).orElse("");
    }

    private static int number(Integer value) {
        return value == null ? 0 : value;
    }

    private static String age(Instant since, Instant now) {
        return Quantities.age(Duration.between(since, now));
    }
}
