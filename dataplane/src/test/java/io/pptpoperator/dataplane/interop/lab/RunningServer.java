package io.pptpoperator.dataplane.interop.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * The server under test as its users run it: a process of its own with a directory of configuration files, spoken to
 * over its administration port. All PPTP traffic at its access card is captured while it runs.
 */
public final class RunningServer implements AutoCloseable {

    private static final String ADMIN = "http://127.0.0.1:9723";
    private static final int MOST_SUCCESSORS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Namespace host;
    private final Path directory;
    private final PacketCapture capture;
    private String serverYaml;
    private LabProcess process;
    private int successors;

    /**
     * Writes its configuration; {@link #start()} starts it.
     *
     * @param host       namespace it runs in
     * @param directory  its own directory: configuration, log, capture
     * @param serverYaml text of server.yaml
     * @param usersYaml  text of users.yaml
     */
    RunningServer(Namespace host, Path directory, String serverYaml, String usersYaml) {
        this.host = host;
        this.directory = directory;
        try {
            Files.createDirectories(configuration());
        } catch (IOException e) {
            throw new UncheckedIOException("Could not make " + configuration(), e);
        }
        writeServer(serverYaml);
        writeUsers(usersYaml);
        capture = PacketCapture.start(host, "access0", directory.resolve("access.pcap"),
                "host " + Lab.SERVER + " and (tcp port 1723 or proto gre)");
    }

    /** Starts its process, also again after its end, and waits until it says that it is ready. */
    public RunningServer start() {
        process = serve("server.log");
        Await.until("the server is ready (log: " + directory.resolve("server.log") + ")", Await.PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new LabException("The server ended with status " + process.awaitExit(Await.PATIENCE)
                        + " instead of becoming ready. Its last lines:\n" + process.output().lastLines());
            }
            return isReady();
        });
        return this;
    }

    /**
     * Starts a successor that takes its sessions over, and waits until it is ready and this process has ended. A busy
     * machine's successor may come too late for its predecessor's patience: then that one has gone on, and the next is
     * started.
     */
    public RunningServer takeOver() {
        LabProcess predecessor = process;
        LabProcess successor = successor();
        for (int tries = 1; !hasTakenOver(successor, tries == MOST_SUCCESSORS); tries++) {
            successor.close();
            successor = successor();
        }
        process = successor;
        int status = predecessor.awaitExit(Await.PATIENCE);
        predecessor.close();
        if (status != 0) {
            throw new LabException("The predecessor ended with status " + status);
        }
        Await.until("the successor is ready", Await.PATIENCE, this::isReady);
        return this;
    }

    private LabProcess successor() {
        successors++;
        return serve("server-" + successors + ".log", "--take-over");
    }

    private static boolean hasTakenOver(LabProcess successor, boolean last) {
        try {
            successor.output().await("Sessions taken over", Await.PATIENCE);
            return true;
        } catch (LabException e) {
            if (last || !successor.output().has("the other end is closed|the other process says nothing")) {
                throw e;
            }
            return false;
        }
    }

    /** Starts a process that is to take over with another server.yaml, and returns what it says once it has ended. */
    public String takeOverInVain(String otherYaml) {
        String before = serverYaml;
        writeServer(otherYaml);
        try (LabProcess other = serve("other.log", "--take-over")) {
            other.awaitExit(Await.PATIENCE);
            return other.output().text();
        } finally {
            writeServer(before);
        }
    }

    private LabProcess serve(String log, String... options) {
        var command = new ArrayList<>(Launcher.command());
        command.addAll(List.of("serve", "--config", configuration().toString()));
        command.addAll(List.of(options));
        return LabProcess.start("the server", directory.resolve(log), host.inside(command));
    }

    private Path configuration() {
        return directory.resolve("config");
    }

    /** Replaces server.yaml, as an editor does: a new file takes the old one's place. */
    public void writeServer(String yaml) {
        serverYaml = yaml;
        replace("server.yaml", yaml);
    }

    /** Replaces users.yaml, as an editor does: a new file takes the old one's place. */
    public void writeUsers(String yaml) {
        replace("users.yaml", yaml);
    }

    /** Replaces users.radius.yaml. */
    public void writeRadius(String yaml) {
        replace("users.radius.yaml", yaml);
    }

    /** What it knows of its RADIUS servers. */
    public JsonNode radius() {
        try {
            return JSON.readTree(get("/radius"));
        } catch (JsonProcessingException e) {
            throw new LabException("The server's /radius is no JSON.", e);
        }
    }

    /** Replaces users.radius.yaml, and waits until all its servers answer. */
    public void applyRadius(String yaml) {
        writeRadius(yaml);
        Await.until("the server's RADIUS servers answer", Await.PATIENCE, () -> {
            String told = get("/radius");
            return told.contains("\"reachable\":true") && !told.contains("\"reachable\":false")
                    && !told.contains("\"reachable\":null");
        });
    }

    /** Replaces users.yaml, and waits until the server goes by it. */
    public void applyUsers(String yaml) {
        writeUsers(yaml);
        String digest = "X-Pptp-Users-Config: " + ConfigReader.parse(serverYaml, yaml).digests().users();
        Await.until("the server goes by the new users.yaml", Await.PATIENCE,
                () -> get("/sessions", "--include").toLowerCase(Locale.ROOT).contains(digest.toLowerCase(Locale.ROOT)));
    }

    /** Replaces users.profiles.yaml. */
    public void writeProfiles(String yaml) {
        replace("users.profiles.yaml", yaml);
    }

    /** Replaces users.profiles.yaml, and waits until the server goes by it. */
    public void applyProfiles(String yaml) {
        writeProfiles(yaml);
        String digest = "X-Pptp-Profiles-Config: "
                + ConfigReader.parse(serverYaml, "users: []", "", yaml).digests().profiles();
        Await.until("the server goes by the new users.profiles.yaml", Await.PATIENCE,
                () -> get("/sessions", "--include").toLowerCase(Locale.ROOT).contains(digest.toLowerCase(Locale.ROOT)));
    }

    private void replace(String name, String text) {
        try {
            Path written = Files.writeString(directory.resolve(name + ".new"), text);
            Files.move(written, configuration().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write " + name, e);
        }
    }

    /** What it has logged since it was last started. */
    public LineLog log() {
        return process.output();
    }

    /** Whether it answers its readiness probe with 200. */
    public boolean isReady() {
        return host.run("curl", "-sf", "--max-time", "60", "--noproxy", "*", "-o", "/dev/null", ADMIN + "/readyz")
                .succeeded();
    }

    /** Its metrics in Prometheus' text format. */
    public String metrics() {
        return get("/metrics");
    }

    /** Its sessions. */
    public List<JsonNode> sessions() {
        try {
            return StreamSupport.stream(JSON.readTree(get("/sessions")).spliterator(), false).toList();
        } catch (JsonProcessingException e) {
            throw new LabException("The server's /sessions is no JSON.", e);
        }
    }

    /** How many sessions it has in which a field is this text: a user, an address. */
    public long sessionsWith(String text) {
        return sessions().stream()
                .filter(session -> StreamSupport.stream(session.spliterator(), false)
                        .anyMatch(field -> field.isTextual() && field.textValue().equals(text)))
                .count();
    }

    /** Why the last login of a user that was refused was; nothing when none was. */
    public String lastFailure(String user) {
        try {
            return StreamSupport.stream(JSON.readTree(get("/logins")).spliterator(), false)
                    .filter(login -> login.path("user").asText().equals(user))
                    .map(login -> login.path("lastFailureReason").asText())
                    .findFirst()
                    .orElse("");
        } catch (JsonProcessingException e) {
            throw new LabException("The server's /logins is no JSON.", e);
        }
    }

    private String get(String path, String... options) {
        var command = new ArrayList<>(List.of("curl", "-sSf", "--max-time", "60", "--noproxy", "*", ADMIN + path));
        command.addAll(List.of(options));
        return host.must(command.toArray(String[]::new));
    }

    /** Kills it without a chance to tidy up: SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** Asks it to drain and end: SIGTERM. */
    public void terminate() {
        process.terminate();
    }

    /** Its exit status, waiting for its end. */
    public int awaitExit(Duration limit) {
        return process.awaitExit(limit);
    }

    /** The capture at its access card; reading from it ends it. */
    public PacketCapture capture() {
        return capture;
    }

    /**
     * Ends it in order, in the time its configuration allows for draining, and checks every packet that it sent.
     *
     * @throws AssertionError when tshark finds one of them malformed
     */
    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.terminate();
            try {
                process.awaitExit(Await.PATIENCE);
            } finally {
                process.close();
            }
        }
        List<String> malformed = capture.malformedFrom(Lab.SERVER);
        if (!malformed.isEmpty()) {
            throw new AssertionError("tshark calls " + malformed.size() + " packets of the server malformed (capture: "
                    + directory.resolve("access.pcap") + "), first:\n" + malformed.getFirst());
        }
    }
}
