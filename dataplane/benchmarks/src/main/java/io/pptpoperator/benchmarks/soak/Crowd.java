package io.pptpoperator.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Commands;
import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Simulated clients of one kind: a process that runs {@code load}. */
final class Crowd {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 90;

    /**
     * What became of a crowd.
     *
     * @param logins that succeeded
     * @param failed logins that did not
     * @param dropped sessions that ended although their client did not want that
     * @param why the failures and drops by their reasons, as JSON
     */
    record Account(long logins, long failed, long dropped, String why) {

        /** Reads the summary at the end of what {@code load --json} printed. */
        static Account of(String printed) throws IOException {
            JsonNode summary = JSON.readTree(printed.substring(Math.max(0, printed.indexOf('{'))));
            if (!summary.has("logins")) {
                throw new IOException("no summary in: " + printed.strip());
            }
            return new Account(summary.get("logins").longValue(), summary.get("failed").longValue(),
                    summary.get("dropped").longValue(), summary.get("failures") + ", " + summary.get("drops"));
        }

        /** In words. */
        String text() {
            return logins + " logins, " + failed + " failed, " + dropped + " sessions dropped"
                    + (failed + dropped > 0 ? ": " + why : "");
        }
    }

    private final String name;
    private final Path log;
    private final List<String> command;
    private Process process;

    /**
     * Nobody yet.
     *
     * @param name of the crowd and, with a number, of its users
     * @param source the address that they come from
     * @param password a file with the password of all of them
     * @param options of {@code load}
     */
    Crowd(String name, DataplaneProgram program, Wire wire, Path directory, String source, Path password,
            String... options) {
        this.name = name;
        this.log = directory.resolve(name + ".log");
        List<String> arguments = new ArrayList<>(List.of("load", Wire.SERVER_ADDRESS, "--users", name + "%05d",
                "--password-file", password.toString(), "--source", source, "--json"));
        arguments.addAll(List.of(options));
        this.command = wire.atClient(program.command(arguments.toArray(String[]::new)));
    }

    void start() {
        process = Commands.start(log, command);
    }

    /** Whether it is under way. */
    boolean isThere() {
        return process.isAlive();
    }

    /** Ends without a word, as in a power cut: kill -9. */
    void kill() {
        // "ip netns exec" is replaced by the program itself.
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Has all of them leave in order; returns what became of them. */
    Account leave() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchmarkException("the clients of " + name + " do not end; their log is " + log);
            }
            return Account.of(Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }
}
