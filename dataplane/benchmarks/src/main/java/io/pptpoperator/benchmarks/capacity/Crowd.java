package io.pptpoperator.benchmarks.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Simulated clients: the data plane's {@code load} command in a process of its own. */
final class Crowd {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Wire wire;
    private final List<String> java;

    Crowd(Wire wire, List<String> java) {
        this.wire = wire;
        this.java = List.copyOf(java);
    }

    /**
     * Runs the command to its end.
     *
     * @return its summary, also when logins failed
     */
    JsonNode run(String... options) {
        try {
            Process process = start(options);
            JsonNode summary = JSON.readTree(process.getInputStream());
            if (!summary.has("logins")) {
                throw new BenchmarkException("the simulated clients could not run");
            }
            return summary;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("load", Wire.SERVER_ADDRESS, "--users", CrowdedServer.USER_PATTERN, "--json"));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(wire.atClient(command.toArray(String[]::new)))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PPTP_PASSWORD", CrowdedServer.PASSWORD);
        return builder.start();
    }
}
