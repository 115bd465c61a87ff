package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of the machine, run to its end. */
public final class Command {

    private Command() {}

    /**
     * Runs it.
     *
     * @throws LabException when it cannot be started or does not end within {@link Await#PATIENCE}
     */
    public static Outcome run(List<String> command) {
        return run(command, Await.PATIENCE);
    }

    /**
     * Runs it.
     *
     * @throws LabException when it cannot be started or does not end within the limit
     */
    public static Outcome run(List<String> command, Duration limit) {
        try {
            // A file instead of a pipe: a child that the command leaves behind cannot keep the caller waiting.
            Path output = Files.createTempFile("pptp-it-", ".out");
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new LabException(
                            "'" + String.join(" ", command) + "' did not end within " + limit.toSeconds() + " s.");
                }
                return new Outcome(process.exitValue(),
                        Files.readString(output, StandardCharsets.UTF_8).stripTrailing());
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not run '" + String.join(" ", command) + "'", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while running '" + String.join(" ", command) + "'.", e);
        }
    }

    /**
     * Runs it and insists on success.
     *
     * @return what it printed
     * @throws LabException when its status is not 0
     */
    public static String must(List<String> command) {
        Outcome outcome = run(command);
        if (!outcome.succeeded()) {
            throw new LabException("'" + String.join(" ", command) + "' ended with status " + outcome.status() + ": "
                    + outcome.output());
        }
        return outcome.output();
    }

    /** Runs it and insists on success. */
    public static String must(String... command) {
        return must(List.of(command));
    }
}
