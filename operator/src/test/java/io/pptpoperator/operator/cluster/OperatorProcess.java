package io.pptpoperator.operator.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.operator.KubernetesClients;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.metrics.OperatorMetrics;
import io.pptpoperator.operator.reconciler.OperatorRuntime;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** An operator that looks after one namespace of the test cluster, and can be stopped and started like a process. */
public final class OperatorProcess implements AutoCloseable {

    private final KubernetesClient client;
    private final OperatorRuntime runtime;

    /** Starts one. */
    public OperatorProcess(Config config, String namespace, boolean leaderElection) {
        client = KubernetesClients.create(config);
        runtime = new OperatorRuntime(client,
                new OperatorSettings(namespace, Set.of(namespace), "pptp-dataplane:test",
                        Optional.of(Ipv4Address.parse("10.0.0.10")), UUID.randomUUID().toString(),
                        leaderElection),
                new OperatorMetrics(new SimpleMeterRegistry()), Clock.systemUTC());
        runtime.start();
    }

    /** The running operator. */
    public OperatorRuntime runtime() {
        return runtime;
    }

    @Override
    public void close() {
        runtime.close();
        client.close();
    }
}
