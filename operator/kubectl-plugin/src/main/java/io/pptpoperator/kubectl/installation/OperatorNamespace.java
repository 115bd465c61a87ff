package io.pptpoperator.kubectl.installation;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.resource.Labels;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The namespace that the operator runs in.
 *
 * @param name its name
 * @param sure whether somebody said so; otherwise it is where an installation usually is
 */
public record OperatorNamespace(String name, boolean sure) {

    /** Where an installation puts the operator when nobody says otherwise. */
    private static final String USUAL = "pptp-system";
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    /**
     * The namespace that the person named, or that a server's NetworkPolicy lets the operator in from, or the usual one.
     *
     * @param namespace where there are servers; empty: everywhere
     */
    public static OperatorNamespace find(KubernetesClient client, Optional<String> named, Optional<String> namespace) {
        return named.or(() -> letIn(client, namespace))
                .map(it -> new OperatorNamespace(it, true))
                .orElse(new OperatorNamespace(USUAL, false));
    }

    private static Optional<String> letIn(KubernetesClient client, Optional<String> namespace) {
        try {
            var all = client.network().v1().networkPolicies();
            List<NetworkPolicy> policies = (namespace.isEmpty()
                    ? all.inAnyNamespace().withLabels(Labels.common()).list()
                    : all.inNamespace(namespace.get()).withLabels(Labels.common()).list()).getItems();
            return policies.stream()
                    .flatMap(policy -> policy.getSpec().getIngress().stream())
                    .flatMap(rule -> rule.getFrom() == null ? Stream.empty() : rule.getFrom().stream())
                    .filter(peer -> peer.getNamespaceSelector() != null)
                    .map(peer -> peer.getNamespaceSelector().getMatchLabels().get(NAMESPACE_NAME))
                    .filter(it -> it != null)
                    .findFirst();
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }
}
