package io.pptpoperator.benchmarks.soak;

import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Commands;
import io.pptpoperator.benchmarks.lab.PptpServerProcess;
import io.pptpoperator.benchmarks.lab.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server has at a moment.
 *
 * @param seconds since the soak began
 * @param residentMegabytes memory that the process occupies (10^6 bytes)
 * @param heapMegabytes what of the heap is alive, right after a collection of all of it (10^6 bytes)
 * @param threads of the process
 * @param descriptors open files and sockets
 * @param calls tunnels that anything in the process still knows, whatever the table
 * @param sessions clients that are logged in
 * @param pending control connections that have not logged in yet
 * @param leases addresses that are lent
 * @param heals times that the server put its firewall rules and the like back
 * @param reloads changes of the configuration that it took
 */
record Reading(double seconds, double residentMegabytes, double heapMegabytes, long threads, long descriptors,
        long calls, long sessions, long pending, long leases, long heals, long reloads) {

    private static final String METRICS = "http://127.0.0.1:9723/metrics";
    private static final String TUNNEL = "io.pptpoperator.dataplane.datapath.WorkerTunnel";
    /** A line of a histogram of classes: its place, instances, bytes, name. */
    private static final Pattern CLASS = Pattern
            .compile("(?m)^ *\\d+: +(\\d+) +\\d+ +" + Pattern.quote(TUNNEL) + "\\b");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    /** Takes one, and collects the server's garbage for it. */
    static Reading take(double seconds, Wire wire, PptpServerProcess server) {
        String heap = Commands.run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.process().pid()), "GC.class_histogram");
        String metrics = Commands.run(wire.atServer("curl", "-sS", "--max-time", "10", METRICS));
        Path process = Path.of("/proc", Long.toString(server.process().pid()));
        return new Reading(seconds, server.residentMegabytes(), aliveBytes(heap) / 1e6, count(process.resolve("task")),
                count(process.resolve("fd")), calls(heap), Math.round(sum(metrics, "pptp_sessions", "")),
                Math.round(sum(metrics, "pptp_connections_pending", "")),
                Math.round(sum(metrics, "pptp_pool_used", "")),
                Math.round(sum(metrics, "pptp_network_heals_total", "")),
                Math.round(sum(metrics, "pptp_config_reloads_total", "result=\"applied\"")));
    }

    /** Whether the server has these sessions, and nothing of any other. */
    boolean hasOnly(int number) {
        return sessions == number && leases == number && calls == number && pending == 0;
    }

    /** How many tunnels a histogram of classes counts. */
    static long calls(String histogram) {
        Matcher line = CLASS.matcher(histogram);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    /** How many bytes a histogram of classes sums up. */
    static long aliveBytes(String histogram) {
        Matcher line = TOTAL.matcher(histogram);
        if (!line.find()) {
            throw new BenchmarkException("jcmd printed no histogram of classes but: " + histogram.strip());
        }
        return Long.parseLong(line.group(1));
    }

    /** The sum of a metric over all lines with a label. */
    static double sum(String metrics, String name, String label) {
        Matcher lines = Pattern.compile("(?m)^" + name + "(\\{[^}]*})? (\\S+)$").matcher(metrics);
        double sum = 0;
        while (lines.find()) {
            if (label.isEmpty() || lines.group(1) != null && lines.group(1).contains(label)) {
                sum += Double.parseDouble(lines.group(2));
            }
        }
        return sum;
    }

    private static long count(Path folder) {
        try (var files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            throw new BenchmarkException("The server has ended by itself: " + e.getMessage());
        }
    }
}
