package io.pptpoperator.benchmarks.sessions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Commands;
import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.PptpServerProcess;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import io.pptpoperator.benchmarks.lab.Wire;
import io.pptpoperator.benchmarks.lab.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Whole logins against a whole server: from the TCP connection to an open IPCP, with MS-CHAPv2 and MPPE-128, by
 * {@code load} in the next namespace; and what 10,000 sessions that do nothing but answer LCP echoes cost.
 */
public final class SessionsBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SESSIONS = 10_000;
    private static final int FAST = 1_000;
    /** More than {@link #FAST}: the last logins end a little after the time in which they began. */
    private static final int FAST_OFFERED = 1_100;
    private static final int USUAL = 500;
    private static final double USUAL_P99_MILLIS = 250;
    private static final double MEGABYTES = 600;
    private static final int FILL_RATE = 500;
    /** Enough for every session to have been asked for an echo, which happens after 20 s. */
    private static final int IDLE_SECONDS = 30;
    private static final int MOST_SECONDS_TO_FILL = 120;

    private final int seconds;
    private final DataplaneProgram program;
    private final Consumer<String> progress;

    /**
     * @param seconds how long logins are measured
     * @param progress told what happens
     */
    public SessionsBenchmark(int seconds, DataplaneProgram program, Consumer<String> progress) {
        this.seconds = seconds;
        this.program = program;
        this.progress = progress;
    }

    /** Measures. */
    public Section run() {
        return Workspace.measure(this::measure);
    }

    private Section measure(Path directory) {
        Wire wire = new Wire("sessions");
        Path config = configure(directory);
        PptpServerProcess server = PptpServerProcess.start(program, wire, config, directory.resolve("server.log"));
        Path password = DataplaneProgram.write(directory.resolve("password"), "benchmark\n");
        double cpuBefore = server.cpuSeconds();
        JsonNode usual = logins(wire, password, USUAL, directory);
        JsonNode fast = logins(wire, password, FAST_OFFERED, directory);
        double cpuPerLogin = (server.cpuSeconds() - cpuBefore) / (2.0 * seconds * (USUAL + FAST_OFFERED));
        server.stop();
        double megabytes = idle(directory, wire, config, password);

        double rate = fast.path("loginsPerSecond").asDouble();
        long failed = usual.path("failed").asLong() + fast.path("failed").asLong();
        List<Target> targets = new ArrayList<>();
        targets.add(
                new Target("full logins, load and server on the same cores",
                        String.format(Locale.ROOT, "≥ %,d per second, none failing", FAST), String.format(Locale.ROOT,
                                "%,.0f of %,d offered per second, %d failed", rate, FAST_OFFERED, failed),
                        failed == 0 && rate >= FAST));
        targets.add(Target.atMost("p99 of a login at " + USUAL + " per second", USUAL_P99_MILLIS, " ms",
                usual.path("login").path("p99").asDouble()));
        targets.add(Target.atMost(String.format(Locale.ROOT, "%,d idle sessions, memory (RSS)", SESSIONS), MEGABYTES,
                " MB", megabytes));
        String text = String.format(Locale.ROOT,
                """
                        `load` and the server share the machine's cores. Each login is a TCP connection, an outgoing call, LCP, \
                        MS-CHAPv2, CCP with MPPE-128 and IPCP; %d s after as long a warm-up, each session stays for about a \
                        second. The server took %.2f ms of CPU time per login. Memory is the server process's whole RSS with \
                        %,d sessions, %d s after the last login, LCP echo on (20 s).

                        | logins per second offered | done per second | failed | p50, ms | p99, ms | longest, ms |
                        |---|---|---|---|---|---|
                        %s%s""",
                seconds, cpuPerLogin * 1e3, SESSIONS, IDLE_SECONDS, row(USUAL, usual), row(FAST_OFFERED, fast));
        return new Section("Sessions", text, targets);
    }

    private static String row(int offered, JsonNode result) {
        JsonNode login = result.path("login");
        return String.format(Locale.ROOT, "| %,d | %,.0f | %d | %.1f | %.1f | %.1f |%n", offered,
                result.path("loginsPerSecond").asDouble(), result.path("failed").asLong(), login.path("p50").asDouble(),
                login.path("p99").asDouble(), login.path("max").asDouble());
    }

    private static Path configure(Path directory) {
        Path config = directory.resolve("sessions");
        DataplaneProgram.write(config.resolve("server.yaml"), """
                localIP: 10.64.0.1
                pools: ["10.64.0.2-10.64.127.254"]
                nat: {enabled: false}
                limits: {maxSessions: 20000, pendingConnections: 10000, connectionsPerSource: 30000,
                         connectionsPerSecond: 100000}
                """);
        StringBuilder users = new StringBuilder("users:\n");
        for (int i = 0; i < SESSIONS; i++) {
            users.append(String.format(Locale.ROOT, "  - {username: load%05d, password: \"benchmark\"}%n", i));
        }
        DataplaneProgram.write(config.resolve("users.yaml"), users.toString());
        return config;
    }

    /** Clients come, stay for a second, go and come again. */
    private JsonNode logins(Wire wire, Path password, int rate, Path directory) {
        progress.accept("logging in " + rate + " times per second");
        JsonNode result = load(wire, password, directory, "--clients", Integer.toString(4 * rate), "--rate",
                Integer.toString(rate), "--warm-up", seconds + "s", "--duration", seconds + "s", "--stay", "1s");
        progress.accept(String.format(Locale.ROOT, "%.0f per second, p99 %.1f ms",
                result.path("loginsPerSecond").asDouble(), result.path("login").path("p99").asDouble()));
        return result;
    }

    private JsonNode load(Wire wire, Path password, Path directory, String... options) {
        Path output = directory.resolve("load.json");
        try {
            Files.deleteIfExists(output);
            Process process = Commands.start(output, wire.atClient(loadCommand(password, options)));
            // Its exit status tells whether a login failed, which the result says too.
            process.waitFor();
            String printed = Files.readString(output);
            int json = printed.indexOf('{');
            if (json < 0) {
                throw new BenchmarkException("load printed: " + printed);
            }
            return JSON.readTree(printed.substring(json));
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("load printed no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }

    private String[] loadCommand(Path password, String... options) {
        List<String> arguments = new ArrayList<>(List.of("load", Wire.SERVER_ADDRESS, "--users", "load%05d",
                "--password-file", password.toString(), "--json"));
        arguments.addAll(List.of(options));
        return program.command(arguments.toArray(String[]::new));
    }

    private double idle(Path directory, Wire wire, Path config, Path password) {
        progress.accept("filling a new server with " + SESSIONS + " sessions");
        PptpServerProcess server = PptpServerProcess.start(program, wire, config, directory.resolve("idle.log"));
        Process load = Commands.start(directory.resolve("idle-load.log"),
                wire.atClient(loadCommand(password, "--clients", Integer.toString(SESSIONS), "--rate",
                        Integer.toString(FILL_RATE), "--duration", MOST_SECONDS_TO_FILL + IDLE_SECONDS + "s")));
        try {
            for (int second = 0; connections(wire) < SESSIONS; second++) {
                if (second == MOST_SECONDS_TO_FILL || load.waitFor(1, TimeUnit.SECONDS)) {
                    throw new BenchmarkException("only " + connections(wire) + " of " + SESSIONS
                            + " sessions; the logs are in " + directory);
                }
            }
            // Only time makes sessions idle.
            if (load.waitFor(IDLE_SECONDS, TimeUnit.SECONDS) || connections(wire) < SESSIONS) {
                throw new BenchmarkException("sessions ended by themselves; the logs are in " + directory);
            }
            double megabytes = server.residentMegabytes();
            progress.accept(String.format(Locale.ROOT, "%d sessions: %.0f MB", SESSIONS, megabytes));
            return megabytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        } finally {
            load.destroyForcibly();
            server.process().destroyForcibly();
        }
    }

    private static long connections(Wire wire) {
        return Commands.run(wire.atServer("ss", "-Htn", "state", "established", "sport", "=", ":1723")).lines().count();
    }
}
