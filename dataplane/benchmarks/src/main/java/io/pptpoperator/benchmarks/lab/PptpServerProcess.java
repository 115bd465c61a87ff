package io.pptpoperator.benchmarks.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A server of ours in a namespace of the benchmark. */
public final class PptpServerProcess {
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_MILLIS = 5;
    /** What it logs when it takes calls. */
    private static final String ACCEPTING = "Serving PPTP";

    private final Process process;
    private final Path log;
    private final Duration startTime;

    private PptpServerProcess(Process process, Path log, Duration startTime) {
        this.process = process;
        this.log = log;
        this.startTime = startTime;
    }

    /** Starts one, and waits until it takes calls. */
    public static PptpServerProcess start(DataplaneProgram program, Wire wire, Path config, Path log) {
        long begin = System.nanoTime();
        Process process = Commands.start(log, wire.atServer(program.command("serve", "--config", config.toString())));
        try {
            while (!Files.exists(log) || !Files.readString(log).contains(ACCEPTING)) {
                if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                        || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                    throw new BenchmarkException("The server does not start; its log is " + log);
                }
            }
            return new PptpServerProcess(process, log, Duration.ofNanos(System.nanoTime() - begin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }

    /** From the start of the process until it took calls. */
    public Duration startTime() {
        return startTime;
    }

    public Process process() {
        return process;
    }

    public Path log() {
        return log;
    }

    /** Megabytes (10^6) of memory that it occupies. */
    public double residentMegabytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1_024 / 1e6)
                    .findFirst()
                    .orElseThrow(() -> new BenchmarkException("The server has ended"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds of CPU time that it has taken. */
    public double cpuSeconds() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new BenchmarkException("The server has ended by itself; its log is " + log))
                .toNanos() / 1e9;
    }

    /** Asks it to end, and waits until it has. */
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchmarkException("The server does not stop; its log is " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }
}
