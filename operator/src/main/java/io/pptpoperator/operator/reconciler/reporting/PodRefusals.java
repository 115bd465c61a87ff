package io.pptpoperator.operator.reconciler.reporting;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.resource.Names;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why a server has no pods. A StatefulSet or DaemonSet whose pods are refused, by Pod Security for example,
 * says so in Events and nowhere else.
 */
public final class PodRefusals {

    private static final Logger LOG = LoggerFactory.getLogger(PodRefusals.class);

    private final KubernetesClient client;

    /** Asks with a client. */
    public PodRefusals(KubernetesClient client) {
        this.client = client;
    }

    /** What the API server said when the server's last pod was refused. */
    Optional<String> latest(PptpServer server) {
        try {
            return client.events()
                    .v1()
                    .events()
                    .inNamespace(server.getMetadata().getNamespace())
                    .withFields(Map.of("regarding.name", Names.base(server), "reason", "FailedCreate"))
                    .list()
                    .getItems()
                    .stream()
                    .filter(event -> event.getNote() != null)
                    .max(Comparator.comparingLong(PodRefusals::version))
                    .map(Event::getNote);
        } catch (KubernetesClientException e) {
            LOG.debug("Events of {} cannot be read: {}", Names.base(server), ApiErrors.sentence(e));
            return Optional.empty();
        }
    }

    /** Events' times are in one of three fields, depending on who wrote them; the newest was written last. */
    static long version(Event event) {
        try {
            return Long.parseLong(event.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
