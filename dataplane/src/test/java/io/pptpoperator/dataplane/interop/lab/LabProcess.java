package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the tests. What it prints goes to its log file and can be waited for. */
public final class LabProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final LineLog output;
    private final Thread reader;

    private LabProcess(String name, Process process, LineLog output, Thread reader) {
        this.name = name;
        this.process = process;
        this.output = output;
        this.reader = reader;
    }

    /**
     * Starts it.
     *
     * @param log     file that gets a line for each line the program prints, appended
     * @param command program and arguments
     */
    static LabProcess start(String name, Path log, List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            var output = new LineLog(name + " (log: " + log + ")");
            var reader = new Thread(() -> copy(process, log, output), "log of " + name);
            reader.setDaemon(true);
            reader.start();
            return new LabProcess(name, process, output, reader);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start '" + String.join(" ", command) + "'", e);
        }
    }

    private static void copy(Process process, Path log, LineLog output) {
        try (var lines = process.inputReader(StandardCharsets.UTF_8);
                var file = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                file.write(line);
                file.newLine();
                file.flush();
            }
        } catch (IOException e) {
            output.add("(lab: cannot read on: " + e.getMessage() + ")");
        } finally {
            output.end();
        }
    }

    /** What it has printed. */
    public LineLog output() {
        return output;
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end: SIGTERM. */
    public void terminate() {
        // Not Process.destroy(), which also closes the pipe through which the last lines come.
        signal("TERM");
    }

    /** Sends it a signal, such as "INT", if it still runs. */
    void signal(String signal) {
        if (process.isAlive()) {
            Command.run(List.of("kill", "-" + signal, Long.toString(process.pid())));
        }
    }

    /** Ends it without asking: SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Await.PATIENCE);
    }

    /**
     * Its exit status; 128 plus the signal's number when a signal ended it.
     *
     * @throws LabException when it still runs at the end of the limit
     */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException(
                        name + " still runs after " + limit.toMillis() + " ms. Its last lines:\n" + output.lastLines());
            }
            reader.join(Await.PATIENCE);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while waiting for the end of " + name + ".", e);
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        kill();
    }
}
