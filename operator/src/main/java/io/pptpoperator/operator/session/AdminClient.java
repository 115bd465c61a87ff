package io.pptpoperator.operator.session;

import io.pptpoperator.dataplane.adminapi.AdminApi;
import io.pptpoperator.dataplane.adminapi.AdminJson;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.UsersSchema;
import io.pptpoperator.operator.pki.AdminTrust;
import io.pptpoperator.operator.pki.OperatorPki;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Talks to the administration ports of one server's pods, over mutual TLS. */
public final class AdminClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** How long an exchange may take, to the last byte of the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** 250 bytes for each of the most sessions that a pod can have. Headers the JDK bounds itself. */
    private static final int MAX_ANSWER = 16 << 20;
    private static final Pattern SCHEMA = Pattern.compile("[0-9]{1,4}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final HttpClient http;
    private final AnswerMemory memory;
    private final Duration patience;

    /**
     * A client for the pods of one server.
     *
     * @param host what their certificate is made out to
     * @param executor runs what is asynchronous
     * @param memory has room for the answers; shared by all clients
     */
    public AdminClient(OperatorPki pki, String host, Executor executor, AnswerMemory memory) {
        this(pki, host, executor, memory, PATIENCE);
    }

    AdminClient(OperatorPki pki, String host, Executor executor, AnswerMemory memory, Duration patience) {
        this.memory = memory;
        this.patience = patience;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor)
                .sslContext(AdminTrust.client(pki.client(), pki.trusted(), host))
                .build();
    }

    /**
     * Asks a pod for its sessions and logins.
     *
     * @param address {@code host:port} of its administration port
     * @param uid the pod's
     * @param member the name under which the pod finds its part of the configuration
     * @throws IOException when it does not answer, or not as it should
     */
    public PodReport report(String address, String uid, String member) throws IOException, InterruptedException {
        Answer<SessionView> sessions = get(address, AdminApi.SESSIONS, AdminJson::readSessions);
        Answer<LoginView> logins = get(address, AdminApi.LOGINS, AdminJson::readLogins);
        Optional<String> radiusDigest = optionalDigest(sessions.headers, AdminApi.RADIUS_DIGEST);
        Optional<RadiusView> radius = radiusDigest.filter(it -> !it.isEmpty()).isEmpty()
                ? Optional.empty()
                : get(address, AdminApi.RADIUS, body -> List.of(AdminJson.readRadius(body))).entries.stream()
                        .findFirst();
        return new PodReport(uid, member, sessions.entries.stream().map(SessionView::withoutTraffic).toList(),
                logins.entries, digest(sessions.headers, AdminApi.SERVER_DIGEST),
                digest(sessions.headers, AdminApi.USERS_DIGEST), radiusDigest,
                optionalDigest(sessions.headers, AdminApi.PROFILES_DIGEST), radius, schema(sessions.headers));
    }

    /** Whoever says nothing, or something odd, understands the oldest alone. */
    private static int schema(HttpHeaders headers) {
        return headers.firstValue(AdminApi.USERS_SCHEMA)
                .filter(it -> SCHEMA.matcher(it).matches())
                .map(Integer::parseInt)
                .orElse(UsersSchema.OLDEST);
    }

    /** Older images say nothing, others that there is no such file. */
    private static Optional<String> optionalDigest(HttpHeaders headers, String name) {
        return headers.firstValue(name).filter(it -> it.isEmpty() || DIGEST.matcher(it).matches());
    }

    private static Optional<String> digest(HttpHeaders headers, String name) {
        return headers.firstValue(name).filter(it -> DIGEST.matcher(it).matches());
    }

    /**
     * Ends a session.
     *
     * @throws IOException when the pod does not answer, or not as it should; a session that is over already is fine
     */
    public void end(String address, String session) throws IOException, InterruptedException {
        URI uri = URI.create("https://" + address + AdminApi.session(session));
        exchange(HttpRequest.newBuilder(uri).DELETE().build(), response -> {
            if (response.statusCode() >= 300 && response.statusCode() != 404) {
                throw new IOException("DELETE " + uri + " was answered with " + response.statusCode());
            }
            return null;
        });
    }

    /** What a pod lists, and what stands above it. */
    private record Answer<T>(HttpHeaders headers, List<T> entries) {}

    private <T> Answer<T> get(String address, String path, Parsing<T> parsing)
            throws IOException, InterruptedException {
        URI uri = URI.create("https://" + address + path);
        return exchange(HttpRequest.newBuilder(uri).build(), response -> {
            if (response.statusCode() != 200) {
                throw new IOException("GET " + uri + " was answered with " + response.statusCode());
            }
            try {
                return new Answer<>(response.headers(), parsing.of(response.body()));
            } catch (IOException e) {
                throw new IOException("GET " + uri + " was not answered as it should be: " + e.getMessage(), e);
            }
        });
    }

    /** Makes entries of a body. */
    private interface Parsing<T> {
        List<T> of(byte[] body) throws IOException;
    }

    /** Makes something of a whole answer. */
    private interface Reading<T> {
        T of(HttpResponse<byte[]> response) throws IOException;
    }

    private <T> T exchange(HttpRequest request, Reading<T> reading) throws IOException, InterruptedException {
        var body = new BoundedBody(MAX_ANSWER, memory);
        // A timeout of the request itself would be over with the headers, and wait for the body for ever.
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, headers -> body);
        try {
            return reading.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw new IOException(request.method() + " " + request.uri() + " was not answered to the end within "
                    + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(request.method() + " " + request.uri() + ": " + e.getCause(), e.getCause());
        } finally {
            // Of an exchange that is not over this closes the connection.
            answer.cancel(true);
            body.close();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();

    }
}
