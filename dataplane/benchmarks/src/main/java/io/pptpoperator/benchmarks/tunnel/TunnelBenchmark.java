package io.pptpoperator.benchmarks.tunnel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Measures all VPNs in turn, round after round, so that whatever else the machine does meets all of them alike. What
 * it makes is removed in every outcome.
 */
public final class TunnelBenchmark {
    private static final int WARM_UP_SECONDS = 8;
    private static final int PING_SECONDS = 5;

    private final int rounds;
    private final int seconds;
    private final List<String> java;
    private final boolean peers;
    private final Consumer<String> progress;
    private final List<Result> results = new ArrayList<>();

    /** One contender's values. */
    private static final class Result {
        final Measurement measurement;
        final Map<Load, Samples> throughput = new EnumMap<>(Load.class);
        final Samples cpu = new Samples();
        final Samples idle = new Samples();
        final Samples loaded = new Samples();

        Result(Measurement measurement) {
            this.measurement = measurement;
            for (Load load : Load.values()) {
                throughput.put(load, new Samples());
            }
        }

        String name() {
            return measurement.contender().name();
        }
    }

    /**
     * @param rounds how often everything is measured
     * @param seconds how long each transfer takes
     * @param java the command that runs the data plane, without its arguments
     * @param peers whether to measure the peers too
     * @param progress told what happens
     */
    public TunnelBenchmark(int rounds, int seconds, List<String> java, boolean peers,
            Consumer<String> progress) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.java = List.copyOf(java);
        this.peers = peers;
        this.progress = progress;
    }

    /** Measures; returns the table, in Markdown. */
    public String run() {
        Thread removal = Thread.ofPlatform().unstarted(Wire::removeAll);
        Wire.removeAll();
        Runtime.getRuntime().addShutdownHook(removal);
        try {
            Path directory = Files.createTempDirectory("pptp-bench-");
            start(new Contenders(directory, java), directory.resolve("iperf3.log"));
            measure();
            String table = table();
            delete(directory);
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Wire.removeAll();
            Runtime.getRuntime().removeShutdownHook(removal);
        }
    }

    private void start(Contenders contenders, Path log) {
        progress.accept("starting all of them");
        add(contenders.pptp("PPTP, MPPE-128", "pptp-mppe", true), log);
        add(contenders.pptp("PPTP, no encryption", "pptp-clear", false), log);
        if (peers) {
            add(contenders.wireGuard("wireguard-go"), log);
            add(contenders.openVpn("OpenVPN, AES-128-GCM"), log);
        }
    }

    private void add(Contender contender, Path log) {
        results.add(new Result(new Measurement(contender, log)));
    }

    private void measure() {
        for (Result result : results) {
            progress.accept("warming up: " + result.name());
            for (Load load : List.of(Load.FOUR_UP, Load.FOUR_DOWN)) {
                result.measurement.transfer(load, WARM_UP_SECONDS);
            }
        }
        for (int round = 1; round <= rounds; round++) {
            for (Load load : Load.values()) {
                for (Result result : results) {
                    Transfer transfer = result.measurement.transfer(load, seconds);
                    progress.accept(String.format(Locale.ROOT, "round %d of %d, %s, %s: %.2f Gbit/s", round,
                            rounds, load.label(), result.name(), transfer.gigabitsPerSecond()));
                    result.throughput.get(load).add(transfer.gigabitsPerSecond());
                    result.cpu.add(transfer.serverCpuPerGigabyte());
                }
            }
            for (Result result : results) {
                double half = result.throughput.get(Load.ONE_UP).median() / 2;
                result.idle.addAll(result.measurement.roundTrips(0, PING_SECONDS));
                result.loaded.addAll(result.measurement.roundTrips(half, PING_SECONDS));
                progress.accept(
                        String.format(Locale.ROOT, "round %d of %d, ping at %.2f Gbit/s, %s: p99 %.2f ms",
                                round, rounds, half, result.name(), result.loaded.quantile(0.99)));
            }
        }
    }

    private String table() {
        StringBuilder table = new StringBuilder("| |");
        results.forEach(result -> table.append(' ').append(result.name()).append(" |"));
        table.append("\n|---|").append("---|".repeat(results.size())).append('\n');
        for (Load load : Load.values()) {
            row(table, "TCP, " + load.label() + ", Gbit/s", result -> result.throughput.get(load).text());
        }
        row(table, "server's CPU seconds per GB", result -> result.cpu.text());
        row(table, "ping, idle, p50 / p99, ms", result -> latency(result.idle));
        row(table, "ping, half loaded, p50 / p99, ms", result -> latency(result.loaded));
        return table.toString();
    }

    private void row(StringBuilder table, String title, Function<Result, String> cell) {
        table.append("| ").append(title).append(" |");
        results.forEach(result -> table.append(' ').append(cell.apply(result)).append(" |"));
        table.append('\n');
    }

    private static String latency(Samples samples) {
        return String.format(Locale.ROOT, "%.2f / %.2f", samples.median(), samples.quantile(0.99));
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
