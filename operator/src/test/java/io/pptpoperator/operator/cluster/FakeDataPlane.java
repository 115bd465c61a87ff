package io.pptpoperator.operator.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.pptpoperator.dataplane.adminapi.AdminApi;
import io.pptpoperator.dataplane.adminapi.AdminJson;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.config.UsersSchema;
import io.pptpoperator.operator.SessionViews;
import io.pptpoperator.operator.pki.ServerTls;
import io.pptpoperator.operator.render.Digests;
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

    private final String serverFile;
    private final HttpsServer http;
    private final Map<String, SessionView> sessions = new ConcurrentHashMap<>();
    private final Map<String, LoginView> logins = new ConcurrentHashMap<>();
    private volatile List<RadiusView.Server> radius = List.of();
    private volatile boolean knowsRadius = true;
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
        http.createContext(AdminApi.SESSIONS, this::sessions);
        http.createContext(AdminApi.RADIUS, exchange -> answer(exchange, new RadiusView(radius, 0, 0)));
        http.createContext(AdminApi.LOGINS, exchange -> answer(exchange, List.copyOf(logins.values())));
        http.start();
    }

    /** Reads new files, as the kubelet presents them, and ends the sessions of users that cannot log in any more. */
    void update(Map<String, String> newFiles) {
        if (!newFiles.containsKey(serverFile)) {
            return;
        }
        try {
            Path folder = Files.createTempDirectory("pptp-operator-config");
            Path server = Files.writeString(folder.resolve("server.yaml"), newFiles.get(serverFile));
            List<String> ofUsers = newFiles.keySet().stream().filter(it -> it.startsWith("users.")).toList();
            for (String file : ofUsers) {
                Files.writeString(folder.resolve(file), newFiles.get(file));
            }
            configuration = ConfigReader.read(server, folder.resolve("users.yaml"));
            files = newFiles;
            for (String file : ofUsers) {
                Files.delete(folder.resolve(file));
            }
            Files.delete(server);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!configuration.radius().decides()) {
            sessions.values().removeIf(it -> user(it.user()).filter(UserConfig::enabled).isEmpty());
        }
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
    public SessionView login(String username, String peer, Instant since) {
        String address = user(username).orElseThrow()
                .address()
                .map(Object::toString)
                .orElseGet(() -> configuration.server()
                        .network()
                        .addressPool()
                        .addresses()
                        .filter(it -> sessions.values().stream().noneMatch(session -> session.address().equals(it)))
                        .map(Object::toString)
                        .findFirst()
                        .orElseThrow());
        var session = SessionViews.of("s" + SESSIONS.incrementAndGet(), username, address, peer, since);
        sessions.put(session.id(), session);
        return session;
    }

    /** Somebody logs in whom a RADIUS server knows. */
    public SessionView loginByRadius(String username, String address, Instant since, Integer maxSessions) {
        SessionView it = SessionViews.of("s" + SESSIONS.incrementAndGet(), username, address, "198.51.100.1", since);
        var session = new SessionView(it.id(), it.user(), it.peer(), it.address(), it.method(), it.encryption(),
                it.since(), 0, 0, 0, 0, 0, it.computer(), maxSessions, it.rateLimit(), it.leftOut());
        sessions.put(session.id(), session);
        return session;
    }

    /** What it knows of RADIUS servers from now on. */
    public void knowsOfRadius(RadiusView.Server... servers) {
        radius = List.of(servers);
    }

    /** It is of an image that knows no RADIUS. */
    public void knowsNoRadius() {
        knowsRadius = false;
    }

    /** A client goes. */
    public void logout(SessionView session) {
        sessions.remove(session.id());
    }

    /** A client is refused. */
    public void refuse(String username, Instant when, String reason) {
        logins.put(username, new LoginView(username, null, when, reason, null, null));
    }

    /** The sessions. */
    public Collection<SessionView> sessions() {
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
        answer(exchange, sessions.values().stream().map(FakeDataPlane::withTraffic).toList());
    }

    private static SessionView withTraffic(SessionView it) {
        return new SessionView(it.id(), it.user(), it.peer(), it.address(), it.method(), it.encryption(), it.since(), 7,
                0, 0, 0, 0, it.computer(), it.maxSessions(), it.rateLimit(), it.leftOut());
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
        byte[] json = AdminJson.write(body);
        exchange.getResponseHeaders().set(AdminApi.SERVER_DIGEST, Digests.of(files.get(serverFile)));
        exchange.getResponseHeaders().set(AdminApi.USERS_DIGEST, configuration.digests().users());
        exchange.getResponseHeaders().set(AdminApi.USERS_SCHEMA, String.valueOf(UsersSchema.OWN));
        exchange.getResponseHeaders().set(AdminApi.PROFILES_DIGEST, configuration.digests().profiles());
        if (knowsRadius) {
            String text = files.get("users.radius.yaml");
            exchange.getResponseHeaders().set(AdminApi.RADIUS_DIGEST, text == null ? "" : Digests.of(text));
        }
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
