package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of our client's commands, {@code connect}, {@code probe} or {@code load}, as its users run it. */
public final class ClientProgram implements AutoCloseable {

    private final LabProcess process;

    private ClientProgram(LabProcess process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param where namespace it runs in
     * @param password what it is given in a file
     * @param arguments the command and its arguments
     */
    public static ClientProgram start(Lab lab, Namespace where, String password, String... arguments) {
        try {
            Path directory = Files.createDirectories(lab.directory().resolve("client"));
            Path passwordFile = Files.writeString(Files.createTempFile(directory, "password", ""), password);
            List<String> command = new ArrayList<>(Launcher.command());
            command.addAll(List.of(arguments));
            command.addAll(List.of("--password-file", passwordFile.toString()));
            return new ClientProgram(
                    LabProcess.start(arguments[0], directory.resolve(arguments[0] + ".log"), where.inside(command)));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not prepare the client", e);
        }
    }

    /** What it has printed. */
    public LineLog output() {
        return process.output();
    }

    /** Whether it still runs. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** Asks it to end: SIGTERM. */
    public void terminate() {
        process.terminate();
    }

    /** Ends it without asking: SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** Its exit status, waiting for its end. */
    public int awaitExit(Duration limit) {
        return process.awaitExit(limit);
    }

    /** Ends it in order, if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.terminate();
            try {
                process.awaitExit(Await.PATIENCE);
            } finally {
                process.close();
            }
        }
    }
}
