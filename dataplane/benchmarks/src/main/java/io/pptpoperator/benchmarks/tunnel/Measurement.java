package io.pptpoperator.benchmarks.tunnel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Commands;
import io.pptpoperator.benchmarks.lab.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Measures one contender with iperf3 and ping. */
final class Measurement implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PING_TIME = Pattern.compile("time=([0-9.]+) ms");
    /** More than a hundred, and ping does not sleep in between but spins, with most of a core. */
    private static final int PINGS_PER_SECOND = 50;

    private final Contender contender;
    private final Process iperf;

    /** Starts iperf3's server at the server's end of the tunnel. */
    Measurement(Contender contender, Path log) {
        this.contender = contender;
        this.iperf = Commands.start(log, contender.wire().atServer("iperf3", "-s"));
    }

    Contender contender() {
        return contender;
    }

    /** Sends as fast as TCP can. */
    Transfer transfer(Load load, int seconds) {
        return transfer(contender.address(), load.streams(), load.toClient(), seconds);
    }

    /** Sends as fast as TCP can, over so many connections. */
    Transfer transfer(int streams, boolean toClient, int seconds) {
        return transfer(contender.address(), streams, toClient, seconds);
    }

    /**
     * The same past the tunnel, to the interface that the tunnel's packets take: in a pod, clients' traffic comes back
     * through it.
     */
    Transfer plainTransfer(int seconds) {
        return transfer(Wire.SERVER_ADDRESS, 1, false, seconds);
    }

    private Transfer transfer(String address, int streams, boolean toClient, int seconds) {
        List<String> command = new ArrayList<>(contender.wire()
                .atClient("iperf3", "-J", "-c", address, "-t", Integer.toString(seconds), "-P",
                        Integer.toString(streams)));
        if (toClient) {
            command.add("-R");
        }
        Duration before = serverCpu();
        JsonNode result = parse(Commands.run(command));
        JsonNode received = result.path("end").path("sum_received");
        if (received.path("bytes").asLong() == 0) {
            throw new BenchmarkException("iperf3 moved nothing: " + result.path("error").asText("it does not say why"));
        }
        double cpu = serverCpu().minus(before).toMillis() / 1e3;
        return new Transfer(received.path("bits_per_second").asDouble() / 1e9,
                cpu / (received.path("bytes").asDouble() / 1e9));
    }

    /** Round-trip times in milliseconds while one TCP stream carries so much to the server. */
    List<Double> roundTrips(double gigabitsPerSecond, int seconds) {
        List<String> ping = contender.wire()
                .atClient("ping", "-i", Double.toString(1.0 / PINGS_PER_SECOND), "-c",
                        Integer.toString(seconds * PINGS_PER_SECOND), contender.address());
        if (gigabitsPerSecond == 0) {
            return times(Commands.run(ping));
        }
        Process load = Commands.start(Path.of("/dev/null"),
                contender.wire()
                        .atClient("iperf3", "-c", contender.address(), "-t", Integer.toString(seconds + 2), "--fq-rate",
                                Long.toString(Math.round(gigabitsPerSecond * 1e9))));
        try {
            return times(Commands.run(ping));
        } finally {
            load.destroy();
            load.onExit().join();
        }
    }

    /** Round-trip times in milliseconds of ten pings a second. */
    List<Double> fewRoundTrips(int seconds) {
        return times(Commands.run(contender.wire()
                .atClient("ping", "-i", "0.1", "-c", Integer.toString(seconds * 10), contender.address())));
    }

    private static List<Double> times(String pings) {
        return PING_TIME.matcher(pings).results().map((MatchResult time) -> Double.valueOf(time.group(1))).toList();
    }

    private Duration serverCpu() {
        return contender.server()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new BenchmarkException(
                        contender.name() + " has ended by itself; its log is " + contender.log()));
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("iperf3 printed no JSON: " + e.getOriginalMessage());
        }
    }

    @Override
    public void close() {
        iperf.destroy();
    }
}
