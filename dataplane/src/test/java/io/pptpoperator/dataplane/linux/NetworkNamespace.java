package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace of its own, entered by one thread: what runs on that thread, the threads and the processes it
 * starts and the sockets it opens all live there. It has no name and vanishes with its thread and sockets, so that no
 * outcome of a test leaves anything behind.
 */
public final class NetworkNamespace implements AutoCloseable {

    private static final int CLONE_NEWNET = 0x40000000;

    /** The two calls that only tests need. */
    private static final class Calls {

        static {
            Native.register(Calls.class, NativeLibrary.getProcess());
        }

        static native int unshare(int flags);

        static native int gettid();
    }

    /** What runs inside. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    private final ExecutorService thread;
    private final int threadId;

    /** Makes a namespace, its loopback up. */
    public NetworkNamespace() {
        thread = Executors
                .newSingleThreadExecutor(runnable -> Thread.ofPlatform().name("pptpit").daemon().unstarted(runnable));
        threadId = call(() -> {
            assertThat(Calls.unshare(CLONE_NEWNET)).as("unshare(CLONE_NEWNET)").isZero();
            return Calls.gettid();
        });
        command("ip", "link", "set", "lo", "up");
    }

    /** What {@code ip link … netns} takes to move an interface here. */
    public String id() {
        return Integer.toString(threadId);
    }

    /** Runs {@code action} on the namespace's thread. */
    public void run(Action action) {
        call(() -> {
            action.run();
            return null;
        });
    }

    /** Runs {@code action} on the namespace's thread and returns its result. */
    public <T> T call(Callable<T> action) {
        try {
            return thread.submit(action).get(10, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new AssertionError(e.getCause());
            }
        } catch (Exception e) {
            throw new AssertionError("the namespace's thread does not answer", e);
        }
    }

    /** Runs a program inside and returns what it prints; fails unless it ends well. */
    public String command(String... words) {
        return call(() -> output(words));
    }

    /** Runs a program in the calling thread's namespace, as {@link #command} does. */
    public static String output(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s printed: %s", String.join(" ", words), output).isZero();
        return output;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
