package io.pptpoperator.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the operator counts. Labels are controllers, kinds, results, states and reasons of fixed lists, and the names of
 * PptpServers, of which there are few; never a VpnUser's: however many users there are, there are no more time series.
 * Whatever can be counted is there from the start, so that the first event is a step from zero.
 */
public final class OperatorMetrics implements Metrics {

    private static final List<String> RESULTS = List.of("success", "error");

    private final MeterRegistry registry;
    private final Map<String, AtomicInteger> queued = new ConcurrentHashMap<>();
    private final Map<Long, Long> running = new ConcurrentHashMap<>();
    private final AtomicLong executions = new AtomicLong();
    private final MultiGauge servers;
    private final MultiGauge available;
    private final MultiGauge users;
    private final Counter eventsLost;
    private volatile Supplier<ResourceCensus> census = () -> new ResourceCensus(List.of(), new TreeMap<>());

    /** Counts into a registry. */
    public OperatorMetrics(MeterRegistry registry) {
        this.registry = registry;
        servers = MultiGauge.builder("pptp_operator_server_ready")
                .description(
                        "1 for a PptpServer whose condition Ready is true and about its newest spec, 0 for another;"
                                + " reason is the condition's")
                .register(registry);
        available = MultiGauge.builder("pptp_operator_server_available")
                .description("1 for a PptpServer whose condition Available is true: clients can connect; 0 for another;"
                        + " reason is the condition's")
                .register(registry);
        users = MultiGauge.builder("pptp_operator_users")
                .description("VpnUsers in each state; Unknown: nobody has looked at their newest spec yet")
                .register(registry);
        eventsLost = Counter.builder("pptp_operator_events_lost")
                .description("Events that the API server did not take")
                .register(registry);
    }

    /** Declares what is counted of a controller. */
    public void declareController(String controller) {
        RESULTS.forEach(result -> reconciliations(controller, result));
    }

    /** Declares what is counted of a kind of resource. */
    public void declareKind(Class<? extends HasMetadata> kind) {
        statuses("pptp_operator_status_writes", kind);
        statuses("pptp_operator_status_errors", kind);
    }

    /** Says who knows how the resources are; asked at every {@link #look}. */
    public void setCensus(Supplier<ResourceCensus> source) {
        census = source;
    }

    /** Looks how the resources are; to be called before somebody reads the registry. */
    public synchronized void look() {
        ResourceCensus now = census.get();
        servers.register(rows(now, ResourceCensus.Server::ready), true);
        available.register(rows(now, ResourceCensus.Server::available), true);
        users.register(now.users()
                .entrySet()
                .stream()
                .map(it -> MultiGauge.Row.of(Tags.of("state", it.getKey()), it.getValue()))
                .collect(Collectors.toList()), true);
    }

    /** Shows a number that somebody else keeps. */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(description).register(registry);
    }

    /** As {@link #gauge(String, String, DoubleSupplier)}, one of several that differ in the resources' kind. */
    public void gauge(String name, String description, String kind, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(description).tag("kind", kind).register(registry);
    }

    private static List<MultiGauge.Row<?>> rows(ResourceCensus now,
            Function<ResourceCensus.Server, ResourceCensus.Answer> answer) {
        return now.servers().stream().<MultiGauge.Row<?>>map(it -> {
            Tags labels = Tags.of("namespace", it.namespace(), "server", it.name(), "reason",
                    answer.apply(it).reason());
            return MultiGauge.Row.of(labels, answer.apply(it).yes() ? 1 : 0);
        }).toList();
    }

    /**
     * Counts an Event that was written.
     *
     * @param reason one of a fixed list
     */
    public void eventWritten(String type, String reason) {
        events(type, reason).increment();
    }

    /** Declares an Event that may be written. */
    public void declareEvent(String type, String reason) {
        events(type, reason);
    }

    private Counter events(String type, String reason) {
        return Counter.builder("pptp_operator_events")
                .description("Events written, by type and reason")
                .tag("type", type)
                .tag("reason", reason)
                .register(registry);
    }

    private Counter statuses(String name, Class<? extends HasMetadata> kind) {
        return Counter.builder(name)
                .description(name.endsWith("errors") ? "statuses that the API server did not take" : "statuses written")
                .tag("kind", kind.getSimpleName())
                .register(registry);
    }

    private Timer reconciliations(String controller, String result) {
        return Timer.builder("pptp_operator_reconcile")
                .description("reconciliations, and how long they took")
                .tag("controller", controller)
                .tag("result", result)
                .register(registry);
    }

    /** Counts an Event that the API server did not take. */
    public void eventLost() {
        eventsLost.increment();
    }

    /** Counts a status that was written. */
    public void statusWritten(Class<? extends HasMetadata> kind) {
        statuses("pptp_operator_status_writes", kind).increment();
    }

    /** Counts a status that the API server did not take; it is tried again. */
    public void statusFailed(Class<? extends HasMetadata> kind) {
        statuses("pptp_operator_status_errors", kind).increment();
    }

    /** How long the reconciliation that has run for the longest time has done so; zero when none runs. */
    public Duration longestRunning() {
        long now = System.nanoTime();
        return running.values()
                .stream()
                .map(begun -> Duration.ofNanos(now - begun))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    @Override
    public void reconcileCustomResource(HasMetadata resource, RetryInfo retry, Map<String, Object> metadata) {
        queued(resource.getKind()).incrementAndGet();
    }

    @Override
    public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
        queued(resource.getKind()).decrementAndGet();
    }

    private AtomicInteger queued(String kind) {
        return queued.computeIfAbsent(kind, it -> {
            var count = new AtomicInteger();
            gauge("pptp_operator_reconcile_queue", "resources that wait to be reconciled, or are being", it,
                    count::get);
            return count;
        });
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        long id = executions.incrementAndGet();
        long begun = System.nanoTime();
        running.put(id, begun);
        String result = "error";
        try {
            T done = execution.execute();
            result = "success";
            return done;
        } finally {
            running.remove(id);
            reconciliations(execution.controllerName(), result).record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }
}
