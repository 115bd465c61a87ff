package io.pptpoperator.dataplane.admin.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Every metric of the server, declared once. All series exist from the start, so that the first event is a step from
 * zero; no label has values from outside, such as user names.
 *
 * <p>Safe for use by several threads.
 */
public final class ServerMetrics implements AutoCloseable {

    /** How a change of the configuration went. */
    public enum Reload {
        /** Everything applies. */
        APPLIED,
        /** Something waits for a restart. */
        PARTLY_REFUSED,
        /** The files have errors. */
        FAILED
    }

    private static final Duration[] LOGIN_BUCKETS = {Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10),
            Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
            Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5),
            Duration.ofSeconds(10), Duration.ofSeconds(30)};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    private final Map<AuthMethod, Counter> successes = new EnumMap<>(AuthMethod.class);
    private final Map<AuthMethod, Map<LoginFailure, Counter>> failures = new EnumMap<>(AuthMethod.class);
    private final Map<LoginStep, Timer> steps = new EnumMap<>(LoginStep.class);
    private final Map<TerminationReason, Counter> ends = new EnumMap<>(TerminationReason.class);
    private final Map<Enum<?>, Counter> refusals = new HashMap<>();
    private final Map<Reload, Counter> reloads = new EnumMap<>(Reload.class);
    private final Counter poolExhausted;
    private final Counter heals;
    private final RadiusMetrics radius;

    /**
     * Declares all metrics.
     *
     * @param server the server's name, a label of every metric
     */
    public ServerMetrics(String server, MetricSources sources) {
        registry.config().commonTags("server", server);
        gauge("pptp.sessions", "Sessions now", sources.sessions());
        gauge("pptp.connections.pending", "Control connections now that have not logged in yet",
                sources.pendingConnections());
        gauge("pptp.pool.size", "Addresses of the pool", sources.poolSize());
        gauge("pptp.pool.used", "Addresses of the pool that are leased now", sources.poolUsed());
        poolExhausted = counter("pptp.pool.exhausted", "Logins refused because no address was left").register(registry);
        logins();
        for (LoginStep step : EnumSet.range(LoginStep.CONTROL, LoginStep.ADDRESSES)) {
            steps.put(step,
                    Timer.builder("pptp.login.phase")
                            .description("Time that a step of a login took")
                            .tag("phase", step.label())
                            .serviceLevelObjectives(LOGIN_BUCKETS)
                            .register(registry));
        }
        for (TerminationReason reason : sources.endReasons()) {
            ends.put(reason,
                    counter("pptp.sessions.ended", "Sessions that ended, by reason").tag("reason", reason.label())
                            .register(registry));
        }
        for (Enum<?> limit : sources.limits()) {
            refusals.put(limit, counter("pptp.limit.refused", "Clients refused by a limit").tag("limit", label(limit))
                    .register(registry));
        }
        for (Reload result : Reload.values()) {
            reloads.put(result,
                    counter("pptp.config.reloads", "Changes of the configuration, by result")
                            .tag("result", label(result))
                            .register(registry));
        }
        heals = counter("pptp.network.heals", "Times that removed addresses, routes or rules were put back")
                .register(registry);
        radius = new RadiusMetrics(registry);
        datapath(sources);
        total("pptp.control.messages.dropped", "PPTP control messages beyond a client's budget",
                sources.controlMessagesDropped()).register(registry);
        sources.logLinesDropped()
                .forEach((level,
                        count) -> total("pptp.log.lines.dropped",
                                "Log lines dropped because standard error was not read fast enough", count)
                                .tag("level", label(level))
                                .register(registry));
        process();
    }

    private void logins() {
        for (AuthMethod method : AuthMethod.values()) {
            successes.put(method, login(method, "success", "none"));
            var byReason = new EnumMap<LoginFailure, Counter>(LoginFailure.class);
            for (LoginFailure reason : LoginFailure.values()) {
                byReason.put(reason, login(method, "failure", reason.label()));
            }
            failures.put(method, byReason);
        }
    }

    private Counter login(AuthMethod method, String result, String reason) {
        return counter("pptp.logins", "Logins, by result, reason of refusal and method").tag("method", method.label())
                .tag("result", result)
                .tag("reason", reason)
                .register(registry);
    }

    private void datapath(MetricSources sources) {
        MetricSources.Traffic traffic = sources.traffic();
        String bytes = "Inner bytes, \"in\" from the clients";
        total("pptp.traffic", bytes, traffic.bytesIn()).baseUnit("bytes").tag("direction", "in").register(registry);
        total("pptp.traffic", bytes, traffic.bytesOut()).baseUnit("bytes").tag("direction", "out").register(registry);
        String packets = "Inner packets, \"in\" from the clients";
        total("pptp.packets", packets, traffic.packetsIn()).tag("direction", "in").register(registry);
        total("pptp.packets", packets, traffic.packetsOut()).tag("direction", "out").register(registry);
        sources.sending()
                .packets()
                .forEach((path,
                        count) -> total("pptp.gre.packets.sent",
                                "GRE packets sent, by the socket that they left through", count)
                                .tag("path", label(path))
                                .register(registry));
        obstacles("pptp.packet.socket.obstacle", "1 for what keeps GRE, to all clients or to some, from packet sockets",
                sources.sending().obstacles());
        obstacles("pptp.xdp.socket.obstacle", "1 for what keeps GRE that packet sockets may take from XDP sockets",
                sources.sending().xdpObstacles());
        sources.drops()
                .forEach((cause, count) -> total("pptp.packets.dropped", "Packets dropped, by cause", count)
                        .tag("cause", label(cause))
                        .register(registry));
        total("pptp.packets.reordered", "Packets that arrived early and were put in order", sources.reordered())
                .register(registry);
        total("pptp.mppe.resets", "Resets of stateful MPPE", sources.mppeResets()).register(registry);
    }

    private void obstacles(String name, String description, Map<? extends Enum<?>, BooleanSupplier> obstacles) {
        obstacles.forEach((reason, present) -> Gauge.builder(name, present, it -> it.getAsBoolean() ? 1 : 0)
                .description(description)
                .tag("reason", label(reason))
                .strongReference(true)
                .register(registry));
    }

    private void process() {
        new JvmMemoryMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private void gauge(String name, String description, LongSupplier value) {
        Gauge.builder(name, value, LongSupplier::getAsLong)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** The registry stands in as the object that a counter of this kind refers to only weakly. */
    private FunctionCounter.Builder<?> total(String name, String description, LongSupplier count) {
        return FunctionCounter.builder(name, registry, it -> count.getAsLong()).description(description);
    }

    private static Counter.Builder counter(String name, String description) {
        return Counter.builder(name).description(description);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Everything that is counted event by event, by metric and labels, so that a successor can go on counting. */
    public Map<String, Long> counted() {
        Map<String, Long> counted = new TreeMap<>();
        counters().forEach((name, counter) -> counted.put(name, (long) counter.count()));
        counted.values().removeIf(count -> count == 0);
        return counted;
    }

    /** Goes on counting where another process was; what it has counted and this one does not know is forgotten. */
    public void goOn(Map<String, Long> counted) {
        Map<String, Counter> counters = counters();
        counted.forEach((name, count) -> {
            if (counters.containsKey(name)) {
                counters.get(name).increment(count);
            }
        });
    }

    private Map<String, Counter> counters() {
        Map<String, Counter> byName = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            if (meter instanceof Counter counter) {
                byName.put(meter.getId().getName() + meter.getId().getTags(), counter);
            }
        }
        return byName;
    }

    /** A client proved who it is and was admitted. */
    public void loginSucceeded(AuthMethod method) {
        successes.get(method).increment();
    }

    /** A client was refused. */
    public void loginFailed(AuthMethod method, LoginFailure reason) {
        failures.get(method).get(reason).increment();
    }

    /** A step of a login is done. */
    public void loginStep(LoginStep step, Duration duration) {
        steps.get(step).record(duration);
    }

    /** A login was refused because no address was left. */
    public void poolExhausted() {
        poolExhausted.increment();
    }

    /**
     * A session ended.
     *
     * @param reason one of {@link MetricSources#endReasons}
     */
    public void sessionEnded(TerminationReason reason) {
        ends.get(reason).increment();
    }

    /**
     * A limit refused a client.
     *
     * @param limit one of {@link MetricSources#limits}
     */
    public void limitRefused(Enum<?> limit) {
        refusals.get(limit).increment();
    }

    /** The configuration's files changed. */
    public void configReloaded(Reload result) {
        reloads.get(result).increment();
    }

    /** Something of the network was missing and was put back. */
    public void networkHealed() {
        heals.increment();
    }

    /** Those of RADIUS. */
    public RadiusMetrics radius() {
        return radius;
    }

    /** All metrics in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    /** Stops listening to the garbage collector. */
    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
