package io.pptpoperator.operator.reconciler.writing;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.status.WriteBudget;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Annotates pods, one after the other, as often as the budget allows. Whoever asks for it does not wait; of several
 * values for one pod that wait only the last is written.
 */
public final class AnnotationQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AnnotationQueue.class);

    private final BiConsumer<Pod, String> writer;
    private final WriteBudget budget;
    /** By the pod's UID. */
    private final SequencedMap<String, Wanted> waiting = new LinkedHashMap<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("annotations").unstarted(this::work);

    private record Wanted(Pod pod, String value) {}

    /**
     * A queue for one annotation.
     *
     * @param writer gives a pod a value of it
     */
    public AnnotationQueue(BiConsumer<Pod, String> writer, WriteBudget budget) {
        this.writer = writer;
        this.budget = budget;
    }

    /** Starts writing. Until then what is asked for waits. */
    public void start() {
        thread.start();
    }

    /** Has a pod annotated, sooner or later. */
    public synchronized void offer(Pod pod, String value) {
        waiting.put(pod.getMetadata().getUid(), new Wanted(pod, value));
        notifyAll();
    }

    private void work() {
        try {
            while (true) {
                awaitWork();
                budget.take();
                write(next());
            }
        } catch (InterruptedException e) {
            LOG.debug("The queue of annotations ends");
        }
    }

    private synchronized void awaitWork() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
    }

    private synchronized Wanted next() {
        return waiting.pollFirstEntry().getValue();
    }

    private void write(Wanted wanted) {
        try {
            writer.accept(wanted.pod, wanted.value);
        } catch (RuntimeException e) {
            // Whatever it was, other pods wait.
            LOG.info("Pod {} could not be annotated: {}", wanted.pod.getMetadata().getName(), ApiErrors.sentence(e));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
