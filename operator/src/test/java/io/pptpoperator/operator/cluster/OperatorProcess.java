package io.pptpoperator.operator.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pptpoperator.operator.KubernetesClients;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.leader.WriteFence;
import io.pptpoperator.operator.metrics.OperatorMetrics;
import io.pptpoperator.operator.reconciler.OperatorRuntime;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An operator that looks after one namespace of the test cluster, and can be stopped and started like a process. */
public final class OperatorProcess implements AutoCloseable {

    private final KubernetesClient client;
    private final OperatorRuntime runtime;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final OperatorMetrics metrics = new OperatorMetrics(registry);
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();

    /** Starts one. */
    public OperatorProcess(Config config, String namespace, boolean leaderElection) {
        this(config, namespace, Set.of(namespace), leaderElection, Clock.systemUTC());
    }

    /** Starts one that may look after other namespaces, and live at another time. */
    public OperatorProcess(Config config, String namespace, Set<String> watched, boolean leaderElection, Clock clock) {
        var fence = new WriteFence(clock);
        client = KubernetesClients.builder(config).withHttpClientBuilderConsumer(http -> {
            fence.guard(http);
            http.addOrReplaceInterceptor("writes", new WriteCount());
        }).build();
        runtime = new OperatorRuntime(client, fence,
                new OperatorSettings(namespace, watched, "pptp-dataplane:test",
                        Optional.of(Ipv4Address.parse("10.0.0.10")),
                        "operator-0_" + UUID.randomUUID().toString().substring(0, 8), leaderElection, Set.of()),
                metrics, clock);
        runtime.start();
    }

    /** Notes when something is written, retries included. */
    private final class WriteCount implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (!request.method().equals("GET")) {
                writes.add(new Write(System.nanoTime(), request.method() + " " + request.uri().getPath()));
            }
        }
    }

    /**
     * A request that writes.
     *
     * @param nanos when it was sent, on the clock of {@link System#nanoTime}
     * @param request method and path
     */
    public record Write(long nanos, String request) {}

    /** All requests that wrote something, or tried to. */
    public List<Write> writes() {
        return List.copyOf(writes);
    }

    /** What a gauge shows now; empty without one of these labels. */
    public OptionalDouble gauge(String name, String... labels) {
        metrics.look();
        return registry.find(name).tags(labels).gauges().stream().mapToDouble(Gauge::value).findFirst();
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
