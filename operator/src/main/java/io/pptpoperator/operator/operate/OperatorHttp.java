package io.pptpoperator.operator.operate;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pptpoperator.operator.operate.HttpListener.Answer;
import io.pptpoperator.operator.reconciler.OperatorRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What Kubernetes and Prometheus ask the operator. {@code /healthz} fails when only a new process can help: a loop
 * hangs, or the Lease is neither renewed nor given up. {@code /readyz} fails until the operator knows the cluster, and
 * while it does not hear of changes; a process that waits for the Lease is ready.
 */
final class OperatorHttp implements AutoCloseable {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;
    /** Whoever asks more often than this is told the same once more: rendering the metrics costs most of all. */
    private static final long SCRAPE_NANOS = 1_000_000_000;

    private final HttpListener http;
    private final PrometheusMeterRegistry registry;
    private final Runnable beforeScrape;
    /** Null until there is one: before that the API server is waited for. */
    private volatile OperatorRuntime runtime;
    private volatile boolean started;
    private volatile String waitingFor = "the operator does not know the cluster yet";
    private String scraped;
    private long scrapedAt;

    private OperatorHttp(ListenAddress listen, PrometheusMeterRegistry registry, Runnable beforeScrape)
            throws IOException {
        this.registry = registry;
        this.beforeScrape = beforeScrape;
        try {
            http = new HttpListener(listen.toSocketAddress(), HttpListener.PATIENCE, this::answer);
        } catch (IOException e) {
            throw new IOException(
                    "--listen: " + listen.host() + ":" + listen.port() + " cannot be listened on: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Starts listening; healthy and not ready until there is a runtime.
     *
     * @param beforeScrape is run before the registry is read
     * @throws IOException when the address is taken or not of this machine
     */
    static OperatorHttp start(ListenAddress listen, PrometheusMeterRegistry registry, Runnable beforeScrape)
            throws IOException {
        var http = new OperatorHttp(listen, registry, beforeScrape);
        http.http.start();
        return http;
    }

    /** Says what the operator waits for before it can begin, as a sentence. */
    void waitsFor(String what) {
        waitingFor = what;
    }

    /** Says whose health is asked for from now on. */
    void runs(OperatorRuntime operator) {
        runtime = operator;
    }

    private Answer answer(String path) {
        return switch (path) {
            case "/healthz" -> problems(runtime == null ? List.of() : runtime.problems());
            case "/readyz" -> problems(unreadiness());
            case "/metrics" -> new Answer(OK, metrics(), "text/plain; version=0.0.4; charset=utf-8");
            default -> Answer.text(NOT_FOUND, "there are /healthz, /readyz and /metrics");
        };
    }

    private synchronized String metrics() {
        if (scraped == null || System.nanoTime() - scrapedAt > SCRAPE_NANOS) {
            beforeScrape.run();
            scraped = registry.scrape();
            scrapedAt = System.nanoTime();
        }
        return scraped;
    }

    private static Answer problems(List<String> problems) {
        return problems.isEmpty() ? Answer.text(OK, "ok") : Answer.text(UNAVAILABLE, String.join("\n", problems));
    }

    private List<String> unreadiness() {
        return started ? runtime.unreadiness() : List.of(waitingFor);
    }

    /** Says that the operator knows the cluster. */
    void started() {
        started = true;
    }

    /** Whether {@link #started} was called. */
    boolean isStarted() {
        return started;
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return http.address();
    }

    @Override
    public void close() {
        http.close();
    }
}
