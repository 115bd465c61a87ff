package io.pptpoperator.benchmarks.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import io.pptpoperator.benchmarks.lab.Samples;
import io.pptpoperator.benchmarks.lab.Verdict;
import io.pptpoperator.benchmarks.lab.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures one server and one process of simulated clients, both on this machine. Needs JDK 25 or newer for the AOT
 * cache. What it makes is removed in every outcome.
 */
public final class CapacityBenchmark {
    private static final int USERS = 20_000;
    private static final int IDLE_SESSIONS = 10_000;
    private static final int STARTS = 7;
    private static final String WARM_UP = "20s";
    private static final String MEASURED = "20s";

    private final List<String> java;
    private final Path jar;
    private final Consumer<String> progress;
    private final List<Verdict> verdicts = new ArrayList<>();

    /**
     * @param java the command that runs a Java program, without {@code -jar}
     * @param jar the data plane
     * @param progress told what happens
     */
    public CapacityBenchmark(List<String> java, Path jar, Consumer<String> progress) {
        this.java = List.copyOf(java);
        this.jar = jar.toAbsolutePath();
        this.progress = progress;
    }

    /** Measures. */
    public List<Verdict> run() {
        Thread removal = Thread.ofPlatform().unstarted(Wire::removeAll);
        Wire.removeAll();
        Runtime.getRuntime().addShutdownHook(removal);
        try {
            Path directory = Files.createTempDirectory("pptp-bench-");
            Wire wire = new Wire("capacity");
            starts(wire, directory);
            logins(wire, directory);
            idle(wire, directory);
            for (String file : List.of("users.yaml", "server.yaml", "server.aot", "server.aot.config")) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.delete(directory);
            return List.copyOf(verdicts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Wire.removeAll();
            Runtime.getRuntime().removeShutdownHook(removal);
        }
    }

    private void logins(Wire wire, Path directory) {
        CrowdedServer.configure(directory, USERS);
        Crowd crowd = new Crowd(wire, program());
        try (CrowdedServer server = CrowdedServer.start(wire, serve(directory))) {
            progress.accept("the server started in %.0f ms; logging in".formatted(server.startMillis()));
            JsonNode most = crowd.run(logins(1200));
            verdict("full logins a second (TCP to IPCP, MS-CHAPv2, MPPE-128)", "at least 1,000, none failing",
                    "%.0f of 1,200 asked for, %d failed, p99 %.0f ms"
                            .formatted(rate(most),
                                    failed(most), p99(most)),
                    rate(most) >= 1000 && failed(most) == 0);
            JsonNode half = crowd.run(logins(500));
            verdict("p99 of a login at 500 a second", "under 250 ms",
                    "%.0f ms (%.0f a second, %d failed)".formatted(p99(half), rate(half), failed(half)),
                    p99(half) < 250 && rate(half) >= 495 && failed(half) == 0);
        }
    }

    private static String[] logins(int rate) {
        return new String[]{"--clients", Integer.toString(USERS), "--rate", Integer.toString(rate), "--stay",
                "0s",
                "--warm-up", WARM_UP, "--duration", MEASURED};
    }

    private void idle(Wire wire, Path directory) {
        Crowd crowd = new Crowd(wire, program());
        try (CrowdedServer server = CrowdedServer.start(wire, serve(directory))) {
            // 20 s until all are connected, then long enough for every link to be asked for an LCP echo.
            JsonNode summary = crowd.run("--clients", Integer.toString(IDLE_SESSIONS), "--rate", "500",
                    "--duration",
                    "50s");
            double peak = server.peakResidentMegabytes();
            boolean lasted = summary.path("logins").asInt() == IDLE_SESSIONS && failed(summary) == 0
                    && summary.path("dropped").asInt() == 0;
            verdict("memory with 10,000 idle sessions, LCP echo on", "at most 600 MB resident",
                    "%.0f MB at the most, logins included; %d sessions, %d dropped".formatted(peak,
                            summary.path("logins").asInt(), summary.path("dropped").asInt()),
                    lasted && peak <= 600);
        }
    }

    private void starts(Wire wire, Path directory) {
        CrowdedServer.configure(directory, 1);
        double plain = starts(wire, serve(directory));
        verdict("from process start to accepting calls", "under 1.5 s", "%.2f s".formatted(plain / 1e3),
                plain < 1500);
        Path cache = directory.resolve("server.aot");
        try (CrowdedServer trained = CrowdedServer.start(wire,
                serve(directory, "-XX:AOTCacheOutput=" + cache))) {
            progress.accept("training the AOT cache (started in %.0f ms)".formatted(trained.startMillis()));
            new Crowd(wire, program()).run("--clients", "1", "--rate", "20", "--stay", "0s", "--duration",
                    "2s");
        }
        double cached = starts(wire, serve(directory, "-XX:AOTMode=on", "-XX:AOTCache=" + cache));
        verdict("the same with an AOT cache", "under 0.8 s", "%.2f s".formatted(cached / 1e3), cached < 800);
    }

    private double starts(Wire wire, List<String> command) {
        Samples samples = new Samples();
        for (int i = 0; i < STARTS; i++) {
            try (CrowdedServer server = CrowdedServer.start(wire, command)) {
                samples.add(server.startMillis());
            }
        }
        return samples.median();
    }

    private List<String> serve(Path directory, String... options) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", jar.toString(), "serve", "--config", directory.toString()));
        return command;
    }

    private List<String> program() {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private void verdict(String measure, String target, String figure, boolean met) {
        progress.accept(measure + ": " + figure);
        verdicts.add(new Verdict(measure, target, figure, met));
    }

    private static double rate(JsonNode summary) {
        return summary.path("loginsPerSecond").asDouble();
    }

    private static long failed(JsonNode summary) {
        return summary.path("failed").asLong();
    }

    private static double p99(JsonNode summary) {
        return summary.path("login").path("p99").asDouble();
    }
}
