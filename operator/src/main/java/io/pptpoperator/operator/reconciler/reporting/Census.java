package io.pptpoperator.operator.reconciler.reporting;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerStatus;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.operator.metrics.ResourceCensus;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.ServerFacts.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Counts how the resources are, by what their statuses say. */
public final class Census {

    /** Of a resource whose newest spec nobody has looked at. */
    static final String UNKNOWN = "Unknown";

    private Census() {}

    /** How the resources are now. */
    public static ResourceCensus of(Stream<PptpServer> servers, Stream<VpnUser> users) {
        var states = new LinkedHashMap<String, Integer>();
        Stream.of(VpnUserStatus.State.values()).forEach(it -> states.put(it.name(), 0));
        states.put(UNKNOWN, 0);
        users.forEach(user -> states.merge(
                user.isObserved() && user.getStatus().state() != null ? user.getStatus().state().name() : UNKNOWN, 1,
                Integer::sum));
        List<ResourceCensus.Server> ready = servers.map(Census::server).toList();
        return new ResourceCensus(ready, states);
    }

    private static ResourceCensus.Server server(PptpServer server) {
        return new ResourceCensus.Server(server.getMetadata().getNamespace(), server.getMetadata().getName(),
                answer(condition(server, PptpServerStatuses.READY).filter(it -> server.isObserved())),
                available(server));
    }

    /** One on its way out serves nobody, and shall not. */
    private static ResourceCensus.Answer available(PptpServer server) {
        ResourceCensus.Answer answer = answer(condition(server, PptpServerStatuses.AVAILABLE));
        return server.isBeingDeleted()
                ? new ResourceCensus.Answer(answer.yes(), Failure.Reason.BeingDeleted.name())
                : answer;
    }

    private static Optional<Condition> condition(PptpServer server, String type) {
        return Optional.ofNullable(server.getStatus())
                .map(PptpServerStatus::conditions)
                .flatMap(it -> Conditions.find(it, type));
    }

    private static ResourceCensus.Answer answer(Optional<Condition> condition) {
        return new ResourceCensus.Answer(condition.filter(it -> it.status() == Condition.Status.True).isPresent(),
                condition.map(Condition::reason).orElse(UNKNOWN));
    }
}
