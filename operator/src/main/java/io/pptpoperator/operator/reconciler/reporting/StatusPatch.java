package io.pptpoperator.operator.reconciler.reporting;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pptpoperator.operator.metrics.OperatorMetrics;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.status.WriteBudget;

/** Writes a status by server-side apply: all of it, and nothing else of the resource. */
public final class StatusPatch {

    private static final PatchContext APPLY = new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Labels.OPERATOR)
            .withForce(true)
            .build();
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final WriteBudget budget;
    private final OperatorMetrics metrics;

    /** Writes with a client, within a budget. */
    public StatusPatch(KubernetesClient client, WriteBudget budget, OperatorMetrics metrics) {
        this.client = client;
        this.budget = budget;
        this.metrics = metrics;
    }

    /**
     * Writes a status as soon as the budget allows; a resource that is gone needs none.
     *
     * @param fresh a new resource of the kind, to be filled
     * @return false when the thread was interrupted while it waited, and nothing was written
     */
    <S, R extends CustomResource<?, S>> boolean write(R resource, R fresh, S status) {
        try {
            budget.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        fresh.setMetadata(new ObjectMetaBuilder().withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .withUid(resource.getMetadata().getUid())
                .build());
        fresh.setStatus(status);
        try {
            client.resource(fresh).subresource("status").patch(APPLY);
            metrics.statusWritten(fresh.getClass());
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                metrics.statusFailed(fresh.getClass());
                throw e;
            }
        }
        return true;
    }
}
