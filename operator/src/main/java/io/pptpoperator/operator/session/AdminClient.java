package io.pptpoperator.operator.session;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pptpoperator.operator.pki.AdminTrust;
import io.pptpoperator.operator.pki.OperatorPki;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Talks to the administration ports of one server's pods, over mutual TLS. */
public final class AdminClient implements AutoCloseable {

    /** Answers carry the SHA-256 of the {@code server.yaml} that the data plane runs with. */
    public static final String SERVER_DIGEST = "X-Pptp-Server-Config";
    /** Answers carry the SHA-256 of the {@code users.yaml} that the data plane runs with. */
    public static final String USERS_DIGEST = "X-Pptp-Users-Config";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** How long an exchange may take, to the last byte of the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

    private final HttpClient http;
    private final Duration patience;

    /**
     * A client for the pods of one server.
     *
     * @param host what their certificate is made out to
     * @param executor runs what is asynchronous
     */
    public AdminClient(OperatorPki pki, String host, Executor executor) {
        this(pki, host, executor, PATIENCE);
    }

    AdminClient(OperatorPki pki, String host, Executor executor, Duration patience) {
        this.patience = patience;
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT)
                .executor(executor)
                .sslContext(AdminTrust.client(pki.client(), pki.trusted(), host)).build();
    }

    /**
     * Asks a pod for its sessions and logins.
     *
     * @param address {@code host:port} of its administration port
     * @param uid the pod's
     * @param member the name under which the pod finds its part of the configuration
     * @throws IOException when it does not answer, or not as it should
     */
    public PodReport report(String address, String uid, String member)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> sessions = get(address, "/sessions");
        List<LiveSession> live = read(sessions, new TypeReference<>() {
        });
        List<LoginHistory> logins = read(get(address, "/logins"), new TypeReference<>() {
        });
        return new PodReport(uid, member, live, logins, sessions.headers().firstValue(SERVER_DIGEST),
                sessions.headers().firstValue(USERS_DIGEST));
    }

    /**
     * Ends a session.
     *
     * @throws IOException when the pod does not answer, or not as it should; a session that is over already is fine
     */
    public void end(String address, String session) throws IOException, InterruptedException {
        URI uri = URI.create(
                "https://" + address + "/sessions/" + URLEncoder.encode(session, StandardCharsets.UTF_8));
        HttpResponse<byte[]> response = exchange(HttpRequest.newBuilder(uri).DELETE().build());
        if (response.statusCode() >= 300 && response.statusCode() != 404) {
            throw new IOException("DELETE " + uri + " was answered with " + response.statusCode());
        }
    }

    private HttpResponse<byte[]> get(String address, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("https://" + address + path);
        HttpResponse<byte[]> response = exchange(HttpRequest.newBuilder(uri).build());
        if (response.statusCode() != 200) {
            throw new IOException("GET " + uri + " was answered with " + response.statusCode());
        }
        return response;
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException, InterruptedException {
        // A timeout of the request itself would be over with the headers, and wait for the body for ever.
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request,
                HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    request.method() + " " + request.uri() + " was not answered to the end within "
                            + patience.toMillis() + " ms",
                    e);
        } catch (ExecutionException e) {
            throw new IOException(request.method() + " " + request.uri() + ": " + e.getCause(), e.getCause());
        } finally {
            // Of an exchange that is not over this closes the connection.
            answer.cancel(true);
        }
    }

    private static <T> T read(HttpResponse<byte[]> response, TypeReference<T> type) throws IOException {
        return JSON.readValue(response.body(), type);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
