package io.pptpoperator.operator.cache;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pptpoperator.operator.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * Which objects keep a list of Kubernetes' own kinds from being read. Ours are read whatever they say; of the others a
 * failing list tells a position at best.
 */
final class UnreadableObjects {

    private UnreadableObjects() {}

    /**
     * Each object that cannot be read, as a sentence.
     *
     * @param namespace where to look; empty: everywhere
     */
    static <T extends HasMetadata> List<String> in(KubernetesClient client, Class<T> kind, String namespace) {
        try {
            var all = client.genericKubernetesResources(ResourceDefinitionContext.fromResourceType(kind));
            List<GenericKubernetesResource> objects = (namespace.isEmpty()
                    ? all.inAnyNamespace().list()
                    : all.inNamespace(namespace).list()).getItems();
            return objects.stream()
                    .flatMap(it -> problem(client.getKubernetesSerialization(), kind, it).stream())
                    .toList();
        } catch (KubernetesClientException e) {
            // Then it is no object's fault.
            return List.of();
        }
    }

    static <T extends HasMetadata> Optional<String> problem(KubernetesSerialization serialization, Class<T> kind,
            GenericKubernetesResource object) {
        try {
            serialization.convertValue(object, kind);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional
                    .of(kind.getSimpleName() + " " + ObjectKey.of(object) + " cannot be read: " + e.getMessage());
        }
    }
}
