package io.pptpoperator.dataplane.datapath;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A datapath whose workers stand still: they send nothing and receive nothing, and the state of their tunnels may be read.
 * It ends with {@link #goOn}, as if nothing had been, or for good with {@link #forGood}: then nothing of what the workers
 * still had to send leaves, since somebody else sends with the same keys and numbers from then on.
 */
public final class DatapathRest {
    private final List<Worker> workers;
    private final CountDownLatch standing;
    private final CountDownLatch over = new CountDownLatch(1);

    private DatapathRest(List<Worker> workers) {
        this.workers = workers;
        standing = new CountDownLatch(workers.size());
    }

    /**
     * Stops workers that run, each between two rounds.
     *
     * @throws IllegalStateException when one does not stop in time; then all go on
     */
    static DatapathRest of(List<Worker> workers, Duration patience) {
        DatapathRest rest = new DatapathRest(List.copyOf(workers));
        workers.forEach(worker -> worker.execute(() -> rest.stand(worker)));
        try {
            if (rest.standing.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return rest;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        rest.goOn();
        throw new IllegalStateException("the datapath's workers do not stand still within " + patience);
    }

    /** On a worker's thread. */
    private void stand(Worker worker) {
        worker.flush();
        standing.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                over.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** All goes on. */
    public void goOn() {
        over.countDown();
    }

    /** The workers end without another packet. */
    public void forGood() {
        workers.forEach(Worker::abandon);
        over.countDown();
    }
}
