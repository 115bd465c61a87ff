package io.pptpoperator.benchmarks.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs programs of the system. */
public final class Commands {

    private Commands() {}

    /**
     * Runs a program to its end and returns what it printed.
     *
     * @throws BenchmarkException when its exit status is not 0
     */
    public static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new BenchmarkException(
                        "'" + String.join(" ", command) + "' ended with status " + status + ":\n" + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while '" + String.join(" ", command) + "' ran");
        }
    }

    /** Runs a program to its end, as {@link #run(List)} does. */
    public static String run(String... command) {
        return run(List.of(command));
    }

    /** Starts a program that goes on running, its output in a file. */
    public static Process start(Path log, List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
