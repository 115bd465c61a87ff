package io.pptpoperator.benchmarks.capacity;

import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A server process that any number of clients may log in to from one address. All the rest is at its defaults:
 * MS-CHAPv2, MPPE-128 stateless required, LCP echo on.
 */
final class CrowdedServer implements AutoCloseable {
    static final String USER_PATTERN = "load%05d";
    static final String PASSWORD = "benchmark";
    private static final String READY = "Serving PPTP";
    private static final int LIMIT = 20_000;
    private static final int START_SECONDS = 60;
    private static final int END_SECONDS = 60;

    private final Process process;
    private final double startMillis;

    private CrowdedServer(Process process, double startMillis) {
        this.process = process;
        this.startMillis = startMillis;
    }

    /** Writes what such a server reads. */
    static void configure(Path directory, int users) {
        try {
            Files.writeString(directory.resolve("server.yaml"), """
                    network:
                      localAddress: 10.98.0.1
                      pools: ["10.98.1.0-10.98.100.255"]
                      nat: {enabled: false}
                    limits: {sessions: %1$d, connectionsPerSource: %1$d, connectionsPerSecond: %1$d,
                      pendingConnections: %1$d}
                    """.formatted(LIMIT));
            Files.writeString(directory.resolve("users.yaml"), IntStream.range(0, users)
                    .mapToObj(number -> "  - {username: " + USER_PATTERN.formatted(number) + ", password: "
                            + PASSWORD + "}")
                    .collect(Collectors.joining("\n", "users:\n", "\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server and waits until it takes calls. */
    static CrowdedServer start(Wire wire, List<String> command) {
        try {
            long begin = System.nanoTime();
            Process process = new ProcessBuilder(wire.atServer(command.toArray(String[]::new)))
                    .redirectErrorStream(true).start();
            var ready = new CompletableFuture<Long>();
            Thread.ofVirtual().start(() -> follow(process, ready));
            long end = ready.orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
            return new CrowdedServer(process, (end - begin) / 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all that the server writes, or it would stand still when the pipe is full. */
    private static void follow(Process process, CompletableFuture<Long> ready) {
        var last = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(READY)) {
                    ready.complete(System.nanoTime());
                }
                last.setLength(0);
                last.append(line);
            }
        } catch (IOException e) {
            last.append(e.getMessage());
        }
        ready.completeExceptionally(
                new BenchmarkException("the server did not start; it last said: " + last));
    }

    /** From the start of the process to the moment it took calls. */
    double startMillis() {
        return startMillis;
    }

    /** The most memory that the process has had resident since it started (VmHWM). */
    double peakResidentMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:")).map(line -> line.replaceAll("\\D", ""))
                    .mapToDouble(Double::parseDouble).findFirst()
                    .orElseThrow(() -> new BenchmarkException("the server has ended by itself"))
                    * 1024 / 1e6;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // Process.destroy() would close the pipe too, and with it the JVM that writes the AOT cache.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchmarkException("the server did not end within a minute of SIGTERM");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }
}
