package io.pptpoperator.benchmarks.tunnel;

import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.Samples;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import io.pptpoperator.benchmarks.lab.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Measures all VPNs in turn, round after round, so that whatever else the machine does meets all of them alike. What
 * it makes is removed in every outcome.
 */
public final class TunnelBenchmark {
    private static final int WARM_UP_SECONDS = 8;
    private static final int PING_SECONDS = 4;
    private static final double OVER_WIREGUARD = 1.0;
    private static final double CLEAR_OVER_WIREGUARD = 1.2;
    private static final double OVER_OPENVPN = 3.0;
    private static final double MOST_PING_MILLIS = 1.0;

    private final int rounds;
    private final int seconds;
    private final DataplaneProgram program;
    private final boolean peers;
    private final Optional<String> newestWireGuard;
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
     * @param program the data plane
     * @param peers whether to measure the peers too
     * @param newestWireGuard the program, if there is one
     * @param progress told what happens
     */
    public TunnelBenchmark(int rounds, int seconds, DataplaneProgram program, boolean peers,
            Optional<String> newestWireGuard, Consumer<String> progress) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.program = program;
        this.peers = peers;
        this.newestWireGuard = newestWireGuard;
        this.progress = progress;
    }

    /** Measures. */
    public Section run() {
        return Workspace.measure(directory -> {
            start(new Contenders(directory, program), directory.resolve("iperf3.log"));
            measure();
            return new Section("Tunnels",
                    String.format(Locale.ROOT,
                            """
                                    Each VPN joins two network namespaces of its own over a veth pair with an MTU of 1,500 bytes; both \
                                    ends and iperf3 share the machine's cores. Inner MTU 1,400 bytes. %d rounds of %d seconds each, one \
                                    VPN after the other within each round; median (least–greatest). CPU time is the server process's \
                                    own, user and system. Half loaded: one TCP stream at half of what one stream reached.

                                    %s""",
                            rounds, seconds, table()),
                    targets());
        });
    }

    private void start(Contenders contenders, Path log) {
        progress.accept("starting all of them");
        add(contenders.pptp("PPTP, MPPE-128", "pptp-mppe", true), log);
        add(contenders.pptp("PPTP, no encryption", "pptp-clear", false), log);
        if (peers) {
            newestWireGuard.ifPresent(program -> add(contenders.wireGuard("wireguard-go, newest", program, 1), log));
            add(contenders.wireGuard("wireguard-go, Debian's", "wireguard-go", 2), log);
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
                    progress.accept(String.format(Locale.ROOT, "round %d of %d, %s, %s: %.2f Gbit/s", round, rounds,
                            load.label(), result.name(), transfer.gigabitsPerSecond()));
                    result.throughput.get(load).add(transfer.gigabitsPerSecond());
                    result.cpu.add(transfer.serverCpuPerGigabyte());
                }
            }
            for (Result result : results) {
                double half = result.throughput.get(Load.ONE_UP).median() / 2;
                result.idle.addAll(result.measurement.roundTrips(0, PING_SECONDS));
                result.loaded.addAll(result.measurement.roundTrips(half, PING_SECONDS));
                progress.accept(String.format(Locale.ROOT, "round %d of %d, ping at %.2f Gbit/s, %s: p99 %.2f ms",
                        round, rounds, half, result.name(), result.loaded.quantile(0.99)));
            }
        }
    }

    /** The first two results are our own, encrypted and not. */
    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        Result encrypted = results.get(0);
        for (Result peer : results.subList(2, results.size())) {
            boolean openVpn = peer == results.getLast();
            targets.add(ratios("TCP, MPPE-128", encrypted, peer, openVpn ? OVER_OPENVPN : OVER_WIREGUARD));
            if (!openVpn) {
                targets.add(ratios("TCP, no encryption", results.get(1), peer, CLEAR_OVER_WIREGUARD));
                targets.add(Target.atMost("server's CPU per gigabyte, MPPE-128, against " + peer.name(), 1, " ×",
                        encrypted.cpu.median() / peer.cpu.median()));
            }
        }
        targets.add(Target.atMost("ping p99, half loaded, MPPE-128", MOST_PING_MILLIS, " ms",
                encrypted.loaded.quantile(0.99)));
        return targets;
    }

    /** How often a peer's throughput ours is, with each load; the least counts. */
    private static Target ratios(String measure, Result ours, Result peer, double goal) {
        List<String> all = new ArrayList<>();
        double least = Double.MAX_VALUE;
        for (Load load : Load.values()) {
            double ratio = ours.throughput.get(load).median() / peer.throughput.get(load).median();
            all.add(String.format(Locale.ROOT, "%.2f", ratio));
            least = Math.min(least, ratio);
        }
        return Target.atLeast(measure + ", against " + peer.name(), goal, " ×", least)
                .with("1 stream to the server, to the client, 4 streams: " + String.join(", ", all));
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
}
