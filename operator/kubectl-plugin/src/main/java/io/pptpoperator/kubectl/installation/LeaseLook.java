package io.pptpoperator.kubectl.installation;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.kubectl.ClusterErrors;
import io.pptpoperator.operator.leader.Leadership;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the installation's Lease. A holder renews it every two seconds: one that looks run out by this machine's clock,
 * which may be wrong, is looked at until it is renewed or a while has passed.
 */
public final class LeaseLook {

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final KubernetesClient client;
    private final OperatorNamespace namespace;

    /** A look at the Lease of an installation. */
    public LeaseLook(KubernetesClient client, OperatorNamespace namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** What it comes to. */
    public OperatorLease take() throws InterruptedException {
        try {
            Optional<Lease> lease = lease();
            if (lease.isEmpty()) {
                return OperatorLease.missing(namespace, pods());
            }
            boolean renewed = isFresh(lease.get(), Instant.now());
            long end = System.nanoTime() + PATIENCE.toNanos();
            Lease last = lease.get();
            while (!renewed && System.nanoTime() < end) {
                Thread.sleep(PAUSE);
                Lease next = lease().orElse(last);
                renewed = !next.getMetadata().getResourceVersion().equals(last.getMetadata().getResourceVersion());
                last = next;
            }
            return OperatorLease.of(namespace, last, renewed, pods());
        } catch (KubernetesClientException e) {
            if (ClusterErrors.isForbidden(e)) {
                return OperatorLease.forbidden(namespace);
            }
            throw e;
        }
    }

    private Optional<Lease> lease() {
        return Optional.ofNullable(client.leases().inNamespace(namespace.name()).withName(Leadership.LEASE).get())
                .filter(it -> it.getSpec() != null);
    }

    /** Whether it can only have been renewed just now. */
    static boolean isFresh(Lease lease, Instant now) {
        if (lease.getSpec().getRenewTime() == null || lease.getSpec().getLeaseDurationSeconds() == null) {
            return false;
        }
        Duration age = Duration.between(lease.getSpec().getRenewTime().toInstant(), now).abs();
        return age.compareTo(Duration.ofSeconds(lease.getSpec().getLeaseDurationSeconds())) < 0;
    }

    /** The operator's pods; none where the person may not see them. */
    private List<String> pods() {
        try {
            return client.pods()
                    .inNamespace(namespace.name())
                    .withLabel("app.kubernetes.io/name", "pptp-operator")
                    .list()
                    .getItems()
                    .stream()
                    .map(it -> it.getMetadata().getName())
                    .sorted()
                    .toList();
        } catch (KubernetesClientException e) {
            if (ClusterErrors.isForbidden(e)) {
                return List.of();
            }
            throw e;
        }
    }
}
