package io.pptpoperator.operator.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.pki.ServerTls;
import io.pptpoperator.operator.render.Digests;
import io.pptpoperator.operator.session.AdminClient;
import io.pptpoperator.operator.session.LiveSession;
import io.pptpoperator.operator.session.LoginHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** What the operator sees of a data plane: files that it reads like the real one, and an administration port. */
public final class FakeDataPlane implements AutoCloseable {

    private static final AtomicInteger SESSIONS = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    private final String serverFile;
    private final HttpsServer http;
    private final Map<String, LiveSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, LoginHistory> logins = new ConcurrentHashMap<>();
    private volatile CountDownLatch answering = new CountDownLatch(0);
    private volatile Map<String, String> files;
    private volatile Configuration configuration;

    /**
     * Starts a data plane.
     *
     * @param member the name of its {@code server.yaml}, without the ending
     */
    FakeDataPlane(String member, String address, int port, Map<String, String> files, Map<String, String> tls)
            throws IOException {
        serverFile = member + ".yaml";
        update(files);
        http = HttpsServer.create(new InetSocketAddress(address, port), 0);
        SSLContext context = ServerTls.of(tls.get("tls.crt"), tls.get("tls.key"), tls.get("ca.crt"));
        http.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters mutual = getSSLContext().getDefaultSSLParameters();
                mutual.setNeedClientAuth(true);
                parameters.setSSLParameters(mutual);
            }
        });
        http.createContext("/sessions", this::sessions);
        http.createContext("/logins",
                exchange -> answer(exchange,
                        logins.values()
                                .stream()
                                .map(it -> new Login(it.username(), it.lastLogin(), it.lastFailure(), it.reason()))
                                .toList()));
        http.start();
    }

    private record Session(String id, String user, String address, String peer, Instant since, long bytesIn) {}

    private record Login(String user, Instant lastLogin, Instant lastFailure, String lastFailureReason) {}

    /** Reads new files, as the kubelet presents them, and ends the sessions of users that cannot log in any more. */
    void update(Map<String, String> newFiles) {
        if (!newFiles.containsKey(serverFile)) {
            return;
        }
        try {
            Path folder = Files.createTempDirectory("pptp-operator-config");
            Path server = Files.writeString(folder.resolve("server.yaml"), newFiles.get(serverFile));
            Path users = Files.writeString(folder.resolve("users.yaml"), newFiles.get("users.yaml"));
            configuration = ConfigReader.read(server, users);
            files = newFiles;
            Files.delete(server);
            Files.delete(users);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sessions.values().removeIf(it -> user(it.username()).filter(UserConfig::enabled).isEmpty());
        logins.keySet().removeIf(it -> user(it).isEmpty());
    }

    /** What the data plane runs with. */
    public Configuration configuration() {
        return configuration;
    }

    /** A user as the data plane knows it. */
    public Optional<UserConfig> user(String username) {
        return configuration.users().stream().filter(it -> it.username().equals(username)).findFirst();
    }

    /** A client logs in. */
    public LiveSession login(String username, String peer, Instant since) {
        String address = user(username).orElseThrow()
                .address()
                .map(Object::toString)
                .orElseGet(() -> configuration.server()
                        .network()
                        .addressPool()
                        .addresses()
                        .map(Object::toString)
                        .filter(it -> sessions.values().stream().noneMatch(session -> session.address().equals(it)))
                        .findFirst()
                        .orElseThrow());
        var session = new LiveSession("s" + SESSIONS.incrementAndGet(), username, address, peer, since, List.of());
        sessions.put(session.id(), session);
        return session;
    }

    /** A client goes. */
    public void logout(LiveSession session) {
        sessions.remove(session.id());
    }

    /** A client is refused. */
    public void refuse(String username, Instant when, String reason) {
        logins.put(username, new LoginHistory(username, null, when, reason));
    }

    /** The sessions. */
    public Collection<LiveSession> sessions() {
        return List.copyOf(sessions.values());
    }

    private void sessions(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("DELETE")) {
            String path = exchange.getRequestURI().getPath();
            boolean there = sessions.remove(path.substring(path.lastIndexOf('/') + 1)) != null;
            exchange.sendResponseHeaders(there ? 204 : 404, -1);
            exchange.close();
            return;
        }
        answer(exchange,
                sessions.values()
                        .stream()
                        .map(it -> new Session(it.id(), it.username(), it.address(), it.peer(), it.since(), 7))
                        .toList());
    }

    /** Lets whoever asks wait. */
    public void holdAnswers() {
        answering = new CountDownLatch(1);
    }

    /** Answers again, also those who wait. */
    public void releaseAnswers() {
        answering.countDown();
    }

    private void answer(HttpExchange exchange, Object body) throws IOException {
        try {
            answering.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        byte[] json = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set(AdminClient.SERVER_DIGEST, Digests.of(files.get(serverFile)));
        exchange.getResponseHeaders().set(AdminClient.USERS_DIGEST, Digests.of(files.get("users.yaml")));
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @Override
    public void close() {
        releaseAnswers();
        http.stop(0);
    }
}
