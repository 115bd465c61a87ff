package io.pptpoperator.dataplane.linux;

/** The end of a thread that has been told to end, after which what it used may be closed. */
public final class ThreadEnd {

    private ThreadEnd() {}

    /** Waits for it. An interruption does not shorten the wait, and is passed on afterwards. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
