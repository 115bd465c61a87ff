package io.pptpoperator.dataplane.admin.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The metrics of RADIUS: what is asked of each server that the settings name, and how that comes out. Safe for use by several
 * threads.
 */
public final class RadiusMetrics {

    /** What was asked, and how it came out. */
    public enum Outcome {
        /** A login is accepted. */
        ACCEPT("login"),
        /** A login is rejected. */
        REJECT("login"),
        /** A login goes on (EAP). */
        CHALLENGE("login"),
        /** No answer to a login came in time. */
        LOGIN_UNANSWERED("login"),
        /** A record of accounting is taken. */
        TAKEN("accounting"),
        /** No answer to a record came in time. */
        RECORD_UNANSWERED("accounting");

        private final String request;

        Outcome(String request) {
            this.request = request;
        }

        private String label() {
            return switch (this) {
                case LOGIN_UNANSWERED, RECORD_UNANSWERED -> "no-answer";
                case ACCEPT, REJECT, CHALLENGE, TAKEN -> name().toLowerCase(Locale.ROOT);
            };
        }
    }

    /** What a server's order came to. */
    public enum Order {
        /** A Disconnect-Request was obeyed. */
        DISCONNECT_ACK,
        /** A Disconnect-Request was refused. */
        DISCONNECT_NAK,
        /** A CoA-Request was obeyed. */
        COA_ACK,
        /** A CoA-Request was refused. */
        COA_NAK,
        /** A datagram got no answer: from a stranger, forged, or too old. */
        IGNORED
    }

    /** Of one server. */
    private static final class OfServer {
        private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
        private final List<Meter> meters = new ArrayList<>();
        private Timer times;
        private Counter notBelieved;
        private volatile double reachable = Double.NaN;
    }

    private final MeterRegistry registry;
    private final Map<Order, Counter> orders = new EnumMap<>(Order.class);
    private final Map<String, OfServer> servers = new HashMap<>();
    private volatile LongSupplier waiting = () -> 0;
    private volatile LongSupplier lost = () -> 0;

    RadiusMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Order order : Order.values()) {
            orders.put(order,
                    Counter.builder("pptp.radius.orders")
                            .description("Disconnect-Requests and CoA-Requests of RADIUS servers, by answer")
                            .tag("answer", order.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
        Gauge.builder("pptp.radius.accounting.waiting", this, it -> it.waiting.getAsLong())
                .description("Records of accounting that no RADIUS server has taken yet")
                .register(registry);
        FunctionCounter.builder("pptp.radius.accounting.lost", this, it -> it.lost.getAsLong())
                .description("Records of accounting given up: too many waited, or a newer one says the same")
                .register(registry);
    }

    /** Where the numbers of records come from. */
    public void accounting(LongSupplier recordsWaiting, LongSupplier recordsLost) {
        waiting = recordsWaiting;
        lost = recordsLost;
    }

    /** The settings name these servers, and no others. */
    public synchronized void servers(List<String> names) {
        servers.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                entry.getValue().meters.forEach(registry::remove);
            }
            return gone;
        });
        names.forEach(name -> servers.computeIfAbsent(name, this::declare));
    }

    private OfServer declare(String name) {
        OfServer server = new OfServer();
        for (Outcome outcome : Outcome.values()) {
            server.outcomes.put(outcome,
                    Counter.builder("pptp.radius.requests")
                            .description("Requests to RADIUS servers, by server and outcome")
                            .tag("radius", name)
                            .tag("request", outcome.request)
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
        server.times = Timer.builder("pptp.radius.answer")
                .description("How long RADIUS servers took to answer")
                .tag("radius", name)
                .register(registry);
        server.notBelieved = Counter.builder("pptp.radius.answers.not.believed")
                .description("Answers that no server with the secret can have given, or without Message-Authenticator")
                .tag("radius", name)
                .register(registry);
        Gauge reachable = Gauge.builder("pptp.radius.reachable", server, it -> it.reachable)
                .description("1 for a RADIUS server that answers, 0 for one that does not, NaN while that is not known")
                .tag("radius", name)
                .strongReference(true)
                .register(registry);
        server.meters.addAll(server.outcomes.values());
        server.meters.addAll(List.of(server.times, server.notBelieved, reachable));
        return server;
    }

    /** A request came out so, after this much time; zero where nothing came. */
    public synchronized void request(String server, Outcome outcome, Duration took) {
        OfServer of = servers.get(server);
        if (of != null) {
            of.outcomes.get(outcome).increment();
            if (!took.isZero()) {
                of.times.record(took);
            }
        }
    }

    /** Whether a server answers; NaN when that is not known. */
    public synchronized void reachable(String server, double value) {
        OfServer of = servers.get(server);
        if (of != null) {
            of.reachable = value;
        }
    }

    /** Something arrived in a server's name that is not believed. */
    public synchronized void notBelieved(String server) {
        OfServer of = servers.get(server);
        if (of != null) {
            of.notBelieved.increment();
        }
    }

    /** An order was answered so. */
    public void order(Order order) {
        orders.get(order).increment();
    }
}
