package io.pptpoperator.dataplane.interop.lab;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command that runs, or ran, in a guest. */
public final class GuestCommand {

    private final Guest guest;
    private final String id;
    private final String command;
    private final LineLog output;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    GuestCommand(Guest guest, String id, String command) {
        this.guest = guest;
        this.id = id;
        this.command = command;
        this.output = new LineLog("'" + command + "' in the guest " + guest.name());
    }

    void ended(int exitStatus) {
        output.end();
        status.complete(exitStatus);
    }

    void guestEnded() {
        output.end();
        status.completeExceptionally(new LabException("The guest " + guest.name()
                + " ended. The last lines of its console:\n" + guest.lastOfConsole().indent(4)));
    }

    /** What it has printed. */
    public LineLog output() {
        return output;
    }

    /** Whether it still runs. */
    public boolean isRunning() {
        return !status.isDone();
    }

    /** Sends a signal, such as "TERM", to its shell, which is the command itself when that began with "exec". */
    public void signal(String signal) {
        // The guest runs requests beside each other: the one to be signalled may have to begin yet.
        String process = "/run/requests/" + id;
        guest.run("until [[ -s " + process + " ]]; do sleep 0.1; done; kill -" + signal + " $(<" + process + ")");
    }

    /**
     * Its exit status.
     *
     * @throws LabException when it still runs at the end of the limit, or the guest ended
     */
    public int awaitExit(Duration limit) {
        try {
            return status.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new LabException("'" + command + "' in the guest " + guest.name() + " still runs after "
                    + limit.toMillis() + " ms. Its last lines:\n" + output.lastLines(), e);
        } catch (ExecutionException e) {
            throw new LabException("'" + command + "' was cut off.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while waiting for '" + command + "'.", e);
        }
    }
}
