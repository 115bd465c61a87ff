package io.pptpoperator.operator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Makes clients of the Kubernetes API. */
public final class KubernetesClients {

    private KubernetesClients() {}

    /**
     * A client that reads resources with fields it does not know: during an upgrade the CRDs are newer than the
     * operator for a while.
     */
    public static KubernetesClient create(Config config) {
        return builder(config).build();
    }

    /** As {@link #create}, for callers that have something to add. */
    public static KubernetesClientBuilder builder(Config config) {
        ObjectMapper mapper = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        return new KubernetesClientBuilder().withConfig(config)
                .withKubernetesSerialization(new KubernetesSerialization(mapper, true));
    }
}
