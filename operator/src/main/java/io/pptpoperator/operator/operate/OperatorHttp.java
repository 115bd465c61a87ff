package io.pptpoperator.operator.operate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pptpoperator.operator.reconciler.OperatorRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What Kubernetes and Prometheus ask the operator. {@code /healthz} fails when only a new process can help: a loop hangs,
 * or the Lease is neither renewed nor given up. {@code /readyz} fails until the operator knows the cluster, and while it
 * does not hear of changes; a process that waits for the Lease is ready.
 */
final class OperatorHttp implements AutoCloseable {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final OperatorRuntime runtime;
    private volatile boolean started;

    private OperatorHttp(ListenAddress listen, OperatorRuntime runtime, PrometheusMeterRegistry registry)
            throws IOException {
        this.runtime = runtime;
        try {
            http = HttpServer.create(listen.toSocketAddress(), 0);
        } catch (IOException e) {
            throw new IOException("--listen: " + listen.host() + ":" + listen.port()
                    + " cannot be listened on: " + e.getMessage(), e);
        }
        http.setExecutor(threads);
        answer("/healthz", () -> problems(runtime.problems()));
        answer("/readyz", () -> problems(unreadiness()));
        answer("/metrics",
                () -> new Answer(OK, registry.scrape(), "text/plain; version=0.0.4; charset=utf-8"));
        answer("/", () -> text(NOT_FOUND, "there are /healthz, /readyz and /metrics"));
    }

    /**
     * Starts listening; not ready until {@link #started}.
     *
     * @throws IOException when the address is taken or not of this machine
     */
    static OperatorHttp start(ListenAddress listen, OperatorRuntime runtime, PrometheusMeterRegistry registry)
            throws IOException {
        var http = new OperatorHttp(listen, runtime, registry);
        http.http.start();
        return http;
    }

    private record Answer(int status, String text, String contentType) {}

    private static Answer text(int status, String text) {
        return new Answer(status, text + "\n", "text/plain; charset=utf-8");
    }

    private static Answer problems(List<String> problems) {
        return problems.isEmpty() ? text(OK, "ok") : text(UNAVAILABLE, String.join("\n", problems));
    }

    private List<String> unreadiness() {
        return started ? runtime.unreadiness() : List.of("the operator does not know the cluster yet");
    }

    private void answer(String path, Supplier<Answer> answer) {
        http.createContext(path, exchange -> {
            try (exchange) {
                send(exchange, exchange.getRequestMethod().equals("GET")
                        ? answer.get()
                        : text(METHOD_NOT_ALLOWED, "only GET is possible here"));
            }
        });
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType);
        exchange.sendResponseHeaders(answer.status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Says that the operator knows the cluster. */
    void started() {
        started = true;
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return http.getAddress();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
