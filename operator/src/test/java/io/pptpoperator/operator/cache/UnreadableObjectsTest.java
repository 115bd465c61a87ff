package io.pptpoperator.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class UnreadableObjectsTest {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    @Test
    void theObjectAndItsFieldAreNamed() {
        assertThat(UnreadableObjects.problem(SERIALIZATION, Pod.class, pod("soon")).orElseThrow())
                .startsWith("Pod vpn/office-pptp-0 cannot be read: ")
                .contains("terminationGracePeriodSeconds");
        assertThat(UnreadableObjects.problem(SERIALIZATION, Pod.class, pod("30"))).isEmpty();
    }

    private static GenericKubernetesResource pod(String seconds) {
        return SERIALIZATION.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: office-pptp-0, namespace: vpn}
                spec: {terminationGracePeriodSeconds: %s}
                """.formatted(seconds), GenericKubernetesResource.class);
    }
}
