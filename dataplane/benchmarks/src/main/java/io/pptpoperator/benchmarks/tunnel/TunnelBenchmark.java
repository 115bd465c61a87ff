package io.pptpoperator.benchmarks.tunnel;

import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.Samples;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import io.pptpoperator.benchmarks.lab.WakeUps;
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
import java.util.function.Supplier;

/**
 * Measures all VPNs in turn, round after round, so that whatever else the machine does meets all of them alike. What
 * it makes is removed in every outcome.
 */
public final class TunnelBenchmark {
    private static final int WARM_UP_SECONDS = 8;
    private static final int PING_SECONDS = 6;
    private static final double OVER_WIREGUARD = 1.0;
    private static final double CLEAR_OVER_WIREGUARD = 1.2;
    private static final double OVER_OPENVPN = 3.0;
    private static final double MOST_PING_MILLIS = 1.0;

    private final int rounds;
    private final int seconds;
    private final DataplaneProgram program;
    private final Optional<DataplaneProgram> other;
    private final boolean peers;
    private final Optional<String> newestWireGuard;
    private final Consumer<String> progress;
    private final List<Result> results = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();
    private final List<Supplier<Target>> peerTargets = new ArrayList<>();
    private Result encrypted;
    private Result clear;

    /** What the first is of the second. */
    private record Comparison(Result of, Result to) {}

    /** One contender's values. */
    private static final class Result {
        final Measurement measurement;
        final Map<Load, Samples> throughput = new EnumMap<>(Load.class);
        final Samples cpu = new Samples();
        final Samples idle = new Samples();
        final Samples loaded = new Samples();
        final Samples wakeUps = new Samples();
        final Samples plain = new Samples();
        final boolean ours;

        Result(Measurement measurement, boolean ours) {
            this.measurement = measurement;
            this.ours = ours;
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
     * @param other another build of it, to compare with
     * @param peers whether to measure the peers too
     * @param newestWireGuard the program, if there is one
     * @param progress told what happens
     */
    public TunnelBenchmark(int rounds, int seconds, DataplaneProgram program, Optional<DataplaneProgram> other,
            boolean peers, Optional<String> newestWireGuard, Consumer<String> progress) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.program = program;
        this.other = other;
        this.peers = peers;
        this.newestWireGuard = newestWireGuard;
        this.progress = progress;
    }

    /** Measures. */
    public Section run() {
        return Workspace.measure(directory -> {
            start(new Contenders(directory), directory.resolve("iperf3.log"));
            measure();
            return new Section("Tunnels",
                    String.format(Locale.ROOT,
                            """
                                    Each VPN joins two network namespaces of its own over a veth pair with an MTU of 1,500 bytes; both \
                                    ends and iperf3 share the machine's cores. Inner MTU 1,400 bytes. %d rounds of %d seconds each, one \
                                    VPN after the other within each round; median (least–greatest). CPU time is the server process's \
                                    own, user and system. Half loaded: one TCP stream at half of what one stream reached; beside \
                                    it, how late a thread wakes that goes before all ordinary ones, every 5 ms, which is the \
                                    machine's own part. Plain TCP goes past the tunnel into the server's interface. Ratios are of \
                                    the same round each, because the machine's speed drifts.

                                    %s%s""",
                            rounds, seconds, table(), ratios()),
                    targets());
        });
    }

    private void start(Contenders contenders, Path log) {
        progress.accept("starting all of them");
        encrypted = ours(contenders.pptp("PPTP, MPPE-128", "pptp-mppe", program, PptpTunnel.ENCRYPTED), log);
        clear = ours(contenders.pptp("PPTP, no encryption", "pptp-clear", program, PptpTunnel.CLEAR), log);
        Result xdp = ours(
                contenders.pptp("PPTP, MPPE-128, XDP sockets", "xdp-mppe", program, PptpTunnel.ENCRYPTED.throughXdp()),
                log);
        Result clearXdp = ours(contenders.pptp("PPTP, no encryption, XDP sockets", "xdp-clear", program,
                PptpTunnel.CLEAR.throughXdp()), log);
        comparisons.add(new Comparison(xdp, encrypted));
        comparisons.add(new Comparison(clearXdp, clear));
        other.ifPresent(build -> {
            comparisons.add(new Comparison(encrypted, ours(
                    contenders.pptp("PPTP, MPPE-128, other build", "other-mppe", build, PptpTunnel.ENCRYPTED), log)));
            comparisons.add(new Comparison(clear, ours(
                    contenders.pptp("PPTP, no encryption, other build", "other-clear", build, PptpTunnel.CLEAR), log)));
        });
        if (peers) {
            newestWireGuard.ifPresent(
                    wireGuard -> peer(contenders.wireGuard("wireguard-go, newest", wireGuard, 1), log, OVER_WIREGUARD));
            peer(contenders.wireGuard("wireguard-go, Debian's", "wireguard-go", 2), log, OVER_WIREGUARD);
            peer(contenders.openVpn("OpenVPN, AES-128-GCM"), log, OVER_OPENVPN);
        }
    }

    private Result ours(Contender contender, Path log) {
        Result result = new Result(new Measurement(contender, log), true);
        results.add(result);
        return result;
    }

    private void peer(Contender contender, Path log, double goal) {
        Result result = new Result(new Measurement(contender, log), false);
        results.add(result);
        comparisons.add(new Comparison(encrypted, result));
        peerTargets.add(() -> target("TCP, MPPE-128", encrypted, result, goal));
        if (goal == OVER_WIREGUARD) {
            comparisons.add(new Comparison(clear, result));
            peerTargets.add(() -> target("TCP, no encryption", clear, result, CLEAR_OVER_WIREGUARD));
            peerTargets.add(() -> Target.atMost("server's CPU per gigabyte, MPPE-128, against " + result.name(), 1,
                    " ×", encrypted.cpu.over(result.cpu).median()));
        }
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
                if (result.ours) {
                    result.plain.add(result.measurement.plainTransfer(seconds).gigabitsPerSecond());
                }
                double half = result.throughput.get(Load.ONE_UP).median() / 2;
                result.idle.addAll(result.measurement.roundTrips(0, PING_SECONDS));
                try (WakeUps wakeUps = new WakeUps()) {
                    result.loaded.addAll(result.measurement.roundTrips(half, PING_SECONDS));
                    result.wakeUps.addAll(wakeUps.lateness());
                }
                progress.accept(String.format(Locale.ROOT, "round %d of %d, ping at %.2f Gbit/s, %s: p99 %.2f ms",
                        round, rounds, half, result.name(), result.loaded.quantile(0.99)));
            }
        }
    }

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>(peerTargets.stream().map(Supplier::get).toList());
        targets.add(Target.atMost("ping p99, half loaded, MPPE-128", MOST_PING_MILLIS, " ms",
                encrypted.loaded.quantile(0.99)));
        return targets;
    }

    /** How often a peer's throughput ours is, with each load; the least counts. */
    private static Target target(String measure, Result ours, Result peer, double goal) {
        List<String> all = new ArrayList<>();
        double least = Double.MAX_VALUE;
        for (Load load : Load.values()) {
            Samples ratio = ours.throughput.get(load).over(peer.throughput.get(load));
            all.add(String.format(Locale.ROOT, "%.2f", ratio.median()));
            least = Math.min(least, ratio.median());
        }
        return Target.atLeast(measure + ", against " + peer.name(), goal, " ×", least)
                .with("1 stream to the server, to the client, 4 streams: " + String.join(", ", all));
    }

    /** A table of comparisons, round by round. */
    private String ratios() {
        StringBuilder table = new StringBuilder("\n| ratio |");
        for (Load load : Load.values()) {
            table.append(' ').append(load.label()).append(" |");
        }
        table.append(" server's CPU per GB | plain TCP |\n|---|").append("---|".repeat(Load.values().length + 2));
        table.append('\n');
        for (Comparison comparison : comparisons) {
            Result of = comparison.of;
            Result to = comparison.to;
            table.append("| ").append(of.name()).append(" ÷ ").append(to.name()).append(" |");
            for (Load load : Load.values()) {
                table.append(' ').append(of.throughput.get(load).over(to.throughput.get(load)).text()).append(" |");
            }
            table.append(' ').append(of.cpu.over(to.cpu).text()).append(" |");
            table.append(' ').append(of.plain.over(to.plain).text()).append(" |\n");
        }
        return table.toString();
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
        row(table, "a thread's wake-up beside it, p50 / p99, ms", result -> latency(result.wakeUps));
        row(table, "plain TCP into the server's interface, Gbit/s", result -> result.plain.text());
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
