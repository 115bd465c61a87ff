package io.pptpoperator.operator.reconciler.writing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.resource.ImageTrialPod;
import io.pptpoperator.operator.resource.Owners;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pods that try images: makes those that are wanted, and removes the others. */
public final class ImageTrialPods {

    private static final Logger LOG = LoggerFactory.getLogger(ImageTrialPods.class);
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int INVALID = 422;

    private final KubernetesClient client;
    private final Caches caches;
    private final ObjectWriter writer;
    /** Of pods that the cluster does not take. */
    private final Set<ObjectKey> refused = ConcurrentHashMap.newKeySet();

    /** Writes with a client what caches do not have yet. */
    public ImageTrialPods(KubernetesClient client, Caches caches, ObjectWriter writer) {
        this.client = client;
        this.caches = caches;
        this.writer = writer;
    }

    /** Those of a server that there are. */
    public List<Pod> of(PptpServer server) {
        return caches.pods()
                .byIndex(ObjectKey.of(server).toString())
                .stream()
                .filter(pod -> Owners.isOwnedBy(pod, server) && ImageTrialPod.isOne(pod))
                .toList();
    }

    /**
     * Makes a server's trials those that are wanted.
     *
     * @return whether the cluster takes them all: a quota or an admission policy may not, and then nothing can be tried
     */
    public boolean settle(PptpServer server, List<Pod> wanted) {
        Set<ObjectKey> names = wanted.stream().map(ObjectKey::of).collect(Collectors.toSet());
        List<Pod> there = of(server);
        there.stream()
                .filter(pod -> !names.contains(ObjectKey.of(pod)) && pod.getMetadata().getDeletionTimestamp() == null)
                .forEach(writer::end);
        refused.removeIf(it -> it.namespace().equals(server.getMetadata().getNamespace())
                && it.name().startsWith(ImageTrialPod.prefix(server)) && !names.contains(it));
        Set<ObjectKey> made = there.stream().map(ObjectKey::of).collect(Collectors.toSet());
        wanted.stream().filter(pod -> !made.contains(ObjectKey.of(pod))).forEach(this::create);
        return names.stream().noneMatch(refused::contains);
    }

    private void create(Pod pod) {
        if (refused.contains(ObjectKey.of(pod))) {
            return;
        }
        try {
            client.resource(pod).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == FORBIDDEN || e.getCode() == INVALID) {
                LOG.warn("Whether an image can be pulled is not found out before pods are replaced for it: the pod {}"
                        + " that would try it is refused: {}", ObjectKey.of(pod), ApiErrors.sentence(e));
                refused.add(ObjectKey.of(pod));
            } else if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }
}
