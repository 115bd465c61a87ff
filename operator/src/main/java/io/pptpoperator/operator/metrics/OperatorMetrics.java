package io.pptpoperator.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/**
 * What the operator counts. Labels are controllers, kinds, results and reasons of fixed lists, never a resource's name:
 * however many users there are, there are no more time series.
 */
public final class OperatorMetrics implements Metrics {

    private final MeterRegistry registry;
    private final Map<String, AtomicInteger> queued = new ConcurrentHashMap<>();
    private final Map<Long, Long> running = new ConcurrentHashMap<>();
    private final AtomicLong executions = new AtomicLong();

    /** Counts into a registry. */
    public OperatorMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows a number that somebody else keeps. */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(description).register(registry);
    }

    /** As {@link #gauge(String, String, DoubleSupplier)}, one of several that differ in the resources' kind. */
    public void gauge(String name, String description, String kind, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(description).tag("kind", kind).register(registry);
    }

    /**
     * Counts an Event that was written.
     *
     * @param reason one of a fixed list
     */
    public void eventWritten(String type, String reason) {
        registry.counter("pptp_operator_events", "type", type, "reason", reason).increment();
    }

    /** Counts an Event that the API server did not take. */
    public void eventLost() {
        registry.counter("pptp_operator_events_lost").increment();
    }

    /** Counts a status that was written. */
    public void statusWritten(Class<? extends HasMetadata> kind) {
        registry.counter("pptp_operator_status_writes", "kind", kind.getSimpleName()).increment();
    }

    /** Counts a status that the API server did not take; it is tried again. */
    public void statusFailed(Class<? extends HasMetadata> kind) {
        registry.counter("pptp_operator_status_errors", "kind", kind.getSimpleName()).increment();
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
            Timer.builder("pptp_operator_reconcile")
                    .description("reconciliations, and how long they took")
                    .tag("controller", execution.controllerName())
                    .tag("result", result)
                    .register(registry)
                    .record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }
}
