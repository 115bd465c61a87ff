package io.pptpoperator.operator.reconciler.writing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.status.WriteBudget;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AnnotationQueueTest {

    private final BlockingQueue<String> written = new LinkedBlockingQueue<>();

    private void write(Pod pod, String value) {
        written.add(pod.getMetadata().getName() + " " + value);
        if (value.equals("refused")) {
            throw new KubernetesClientException("the API server says no");
        }
    }

    private static Pod pod(String name) {
        return new PodBuilder().withNewMetadata().withName(name).withUid("uid-of-" + name).endMetadata().build();
    }

    private String next() throws InterruptedException {
        return written.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void ofSeveralValuesThatWaitTheLastIsWritten() throws InterruptedException {
        try (var queue = new AnnotationQueue(this::write, new WriteBudget(1000, 1))) {
            queue.offer(pod("a"), "1");
            queue.offer(pod("b"), "1");
            queue.offer(pod("a"), "2");
            queue.start();

            assertThat(next()).isEqualTo("a 2");
            assertThat(next()).isEqualTo("b 1");
            queue.offer(pod("a"), "3");
            assertThat(next()).isEqualTo("a 3");
        }
    }

    @Test
    void aRefusedWriteKeepsNoOtherFromBeingMade() throws InterruptedException {
        try (var queue = new AnnotationQueue(this::write, new WriteBudget(1000, 1))) {
            queue.start();
            queue.offer(pod("a"), "refused");
            queue.offer(pod("b"), "1");

            assertThat(next()).isEqualTo("a refused");
            assertThat(next()).isEqualTo("b 1");
        }
    }
}
