package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The server as a process of its own, in a namespace of a test. */
final class ServerProcess implements AutoCloseable {
    private static final String ADMIN = "http://127.0.0.1:9723";

    private final NetworkNamespace host;
    private final Path log;
    private final Process process;

    private ServerProcess(NetworkNamespace host, Path log, Process process) {
        this.host = host;
        this.log = log;
        this.process = process;
    }

    /** Starts it with this configuration and waits until it is ready. */
    static ServerProcess start(NetworkNamespace host, Path directory, String serverYaml, String usersYaml)
            throws IOException {
        Path config = Files.createDirectories(directory.resolve("config"));
        Files.writeString(config.resolve("server.yaml"), serverYaml);
        Files.writeString(config.resolve("users.yaml"), usersYaml);
        Path log = directory.resolve("server.log");
        List<String> command = new ArrayList<>(launcher());
        command.addAll(List.of("serve", "--config", config.toString()));
        Process process = host.call(() -> new ProcessBuilder(command).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile())
                .start());
        ServerProcess server = new ServerProcess(host, log, process);
        try {
            Await.until("the server is ready", Await.PATIENCE, () -> server.log().contains("Serving PPTP"));
            return server;
        } catch (RuntimeException e) {
            server.process.destroyForcibly();
            throw new AssertionError("the server does not start:\n" + server.log(), e);
        }
    }

    /** How the server is started, up to its first argument. */
    static List<String> launcher() {
        String given = System.getProperty("interop.launcher", "");
        if (!given.isBlank()) {
            return List.of(given.strip().split("\\s+", -1));
        }
        Path jar = Path.of(System.getProperty("basedir", ""), "target", "pptp-dataplane.jar").toAbsolutePath();
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString());
    }

    /** What it has logged. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How many descriptors it holds. */
    long descriptors() {
        try (Stream<Path> held = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return held.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Its memory that is in use, as the kernel counts it. */
    long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))
                    .stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Its metrics in Prometheus' text format. */
    String metrics() {
        return host.command("curl", "-sS", "--noproxy", "*", "--max-time", "60", ADMIN + "/metrics");
    }

    /** Whether its probes are answered with 200 within three seconds, as the kubelet wants it. */
    boolean isHealthy() {
        return host
                .command("sh", "-c",
                        "curl -s -o /dev/null --noproxy '*' --max-time 3 -w '%{http_code}' " + ADMIN
                                + "/healthz || true")
                .strip()
                .equals("200");
    }

    /** Its sessions as JSON. */
    String sessions() {
        return host.command("curl", "-sS", "--noproxy", "*", "--max-time", "60", ADMIN + "/sessions");
    }

    /** Replaces users.yaml. */
    void writeUsers(String usersYaml) throws IOException {
        Path fresh = Files.writeString(log.resolveSibling("users.yaml.new"), usersYaml);
        Files.move(fresh, log.resolveSibling("config").resolve("users.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Its exit status, once it has ended by itself. */
    int awaitExit(Duration limit) {
        Await.until("the server has ended by itself", limit, () -> !process.isAlive());
        return process.exitValue();
    }

    /** Ends it in order. */
    @Override
    public void close() {
        process.destroy();
        try {
            Await.until("the server ends", Await.PATIENCE, () -> !process.isAlive());
            assertThat(log()).doesNotContain("has died").doesNotContain("unexpected failure");
        } finally {
            process.destroyForcibly();
        }
    }
}
