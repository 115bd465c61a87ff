package io.pptpoperator.benchmarks.tunnel;

import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.Samples;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import io.pptpoperator.benchmarks.lab.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** How exactly users with a rate get it, and what their own load does to their pings. */
public final class RatesBenchmark {
    private static final int ROUND_TRIP_MILLIS = 20;
    private static final List<Integer> STREAMS = List.of(1, 8);
    private static final double LEAST_SHARE = 92;
    private static final double MOST_SHARE = 100;
    private static final double MOST_WAIT_MILLIS = 30;
    /** The download whose ping counts. */
    private static final int PINGED = 10;

    /** Megabits per second. */
    private record Rate(int upload, int download) {

        private String settings() {
            return "rateLimit: {upload: " + upload + "M, download: " + download + "M}";
        }
    }

    private static final List<Rate> RATES = List.of(new Rate(1, 1), new Rate(2, PINGED), new Rate(200, 200));

    private final int seconds;
    private final DataplaneProgram program;
    private final Consumer<String> progress;
    private final StringBuilder table = new StringBuilder("""
            | limit, Mbit/s | streams | of it, % | ping, idle, p50 / p99, ms | ping, loaded, p50 / p99, ms |
            |---|---|---|---|---|
            """);
    private double least = Double.MAX_VALUE;
    private double most;
    private double wait;
    private boolean lengthened = true;

    /**
     * @param seconds how long each transfer takes
     * @param program the data plane
     * @param progress told what happens
     */
    public RatesBenchmark(int seconds, DataplaneProgram program, Consumer<String> progress) {
        this.seconds = seconds;
        this.program = program;
        this.progress = progress;
    }

    /** Measures. */
    public Section run() {
        return Workspace.measure(directory -> {
            RATES.forEach(rate -> measure(rate, new Contenders(directory), directory));
            return new Section("Rate limits", String.format(Locale.ROOT, """
                    A user with a `rateLimit`, MPPE-128, %s; \
                    %d seconds of TCP each, payload as iperf3 counts it. The limit counts IP, so 96.3 %% is all that \
                    TCP can have in the long run; a burst of 200 ms adds 2 %% of ten seconds. Ten pings a second.

                    %s""", path(), seconds, table),
                    List.of(Target.atLeast("rate limits, least TCP gets of them", LEAST_SHARE, " %", least),
                            Target.atMost("rate limits, most TCP gets of them", MOST_SHARE, " %", most),
                            Target.atMost("ping p99 under own load at " + PINGED + " Mbit/s, over idle p50",
                                    MOST_WAIT_MILLIS, " ms", wait)));
        });
    }

    private String path() {
        return lengthened
                ? "at a round trip of " + ROUND_TRIP_MILLIS + " ms (netem on both ends of the wire)"
                : "on a wire without delay, since this kernel has no netem";
    }

    private void measure(Rate rate, Contenders contenders, Path directory) {
        progress.accept("starting a server with " + rate.settings());
        Contender contender = contenders.pptp("PPTP", "rate-" + rate.download(), program,
                PptpTunnel.ENCRYPTED.ofUser(rate.settings()));
        lengthened &= contender.wire().lengthen(ROUND_TRIP_MILLIS);
        try (Measurement measurement = new Measurement(contender, directory.resolve("iperf3-rates.log"));
                ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Samples idle = new Samples();
            idle.addAll(measurement.fewRoundTrips(3));
            for (int streams : STREAMS) {
                for (boolean toClient : List.of(false, true)) {
                    int limit = toClient ? rate.download() : rate.upload();
                    CompletableFuture<List<Double>> pings = CompletableFuture
                            .supplyAsync(() -> measurement.fewRoundTrips(seconds - 1), beside);
                    double share = 1e5 * transfer(measurement, streams, toClient) / limit;
                    Samples loaded = new Samples();
                    loaded.addAll(new ArrayList<>(pings.join()));
                    add(limit, toClient, streams, share, idle, loaded);
                }
            }
        }
    }

    /** Gigabits per second; once more where iperf3's server is still at the end of the transfer before. */
    private double transfer(Measurement measurement, int streams, boolean toClient) {
        try {
            return measurement.transfer(streams, toClient, seconds).gigabitsPerSecond();
        } catch (BenchmarkException e) {
            progress.accept(e.getMessage());
            return measurement.transfer(streams, toClient, seconds).gigabitsPerSecond();
        }
    }

    private void add(int limit, boolean toClient, int streams, double share, Samples idle, Samples loaded) {
        least = Math.min(least, share);
        most = Math.max(most, share);
        if (limit == PINGED) {
            wait = Math.max(wait, loaded.quantile(0.99) - idle.median());
        }
        String row = String.format(Locale.ROOT, "| %d %s the client | %d | %.1f | %.1f / %.1f | %.1f / %.1f |", limit,
                toClient ? "to" : "from", streams, share, idle.median(), idle.quantile(0.99), loaded.median(),
                loaded.quantile(0.99));
        progress.accept(row);
        table.append(row).append('\n');
    }
}
