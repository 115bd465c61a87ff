package io.pptpoperator.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example of a policy for PptpServers, in force at a real API server. */
class GuardrailsIT {

    private static final Path EXAMPLE = Repository.root().resolve("deploy/examples/guardrails.yaml");
    private static final TestCluster CLUSTER = TestCluster.shared();
    private static final KubernetesClient CLIENT = CLUSTER.client();
    private static String namespace;
    private static List<HasMetadata> policy;

    @BeforeAll
    static void apply() throws IOException {
        namespace = CLUSTER.newNamespace("guardrails");
        policy = CLIENT.load(Files.newInputStream(EXAMPLE)).items();
        policy.forEach(it -> CLIENT.resource(it).create());
        // The API server takes a policy up a moment later.
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> tried("image: elsewhere.example/pptp:1").contains("is the operator's to choose"));
    }

    /** What the API server says to a server, which it does not keep. */
    private static String tried(String more) throws IOException {
        Path file = Files.createTempFile("server", ".yaml");
        Files.writeString(file, """
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: office, namespace: %s}
                spec: {localIP: 10.8.0.1, pools: [10.8.0.2-101], %s}
                """.formatted(namespace, more));
        try {
            return CLUSTER.kubectl("create", "--dry-run=server", "--filename", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    image: elsewhere.example/pptp:1                                | spec.image is the operator's
                    pod: {securityProfile: Privileged}                             | spec.pod.securityProfile must be
                    pod: {priorityClassName: system-node-critical}                 | spec.pod.priorityClassName cannot be
                    pod: {annotations: {sidecar.istio.io/inject: 'true'}}          | spec.pod.annotations cannot be
                    exposure: {type: AttachedNetwork, network: kube-system/lan}    | spec.exposure.network must be
                    exposure: {type: AttachedNetwork, network: '[{"name":"lan","namespace":"x"}]'} | spec.exposure.network must be
                    pod: {tolerations: [{operator: Exists}]}                       | spec.pod.tolerations must have
                    pod: {tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]} | spec.pod.tolerations must
                    """,
            quoteCharacter = '`')
    void whatOwnersMayNotChooseIsRefused(String spec, String message) throws IOException {
        assertThat(tried(spec)).contains("denied request", message);
    }

    @Test
    void whatIsLeftIsAccepted() throws IOException {
        assertThat(tried("replicas: 2, pod: {nodeSelector: {vpn: 'yes'}, tolerations: [{key: vpn, operator: Exists}]}"))
                .contains("created (server dry run)");
        assertThat(tried("exposure: {type: AttachedNetwork, network: lan}")).contains("created (server dry run)");
    }

    @AfterAll
    static void remove() {
        policy.forEach(it -> CLIENT.resource(it).delete());
        CLIENT.namespaces().withName(namespace).delete();
        CLIENT.close();
    }
}
