package io.pptpoperator.operator.operate;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.ApiErrors;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for an API server that is away, as long as that takes. A process that ended instead would be started again after
 * ever longer pauses, and be back minutes after the API server.
 */
final class ApiServerWait {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServerWait.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration REMINDER = Duration.ofMinutes(5);

    private final KubernetesClient client;
    private final Consumer<String> waiting;

    /**
     * A wait.
     *
     * @param waiting is told what it waits for, whenever that changes
     */
    ApiServerWait(KubernetesClient client, Consumer<String> waiting) {
        this.client = client;
        this.waiting = waiting;
    }

    /** Returns once the API server answers, be it with a refusal. */
    void untilItAnswers() throws InterruptedException {
        long begun = System.nanoTime();
        Optional<String> said = Optional.empty();
        long saidAt = begun;
        for (Optional<String> why = absence(); why.isPresent(); why = absence()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("told to stop");
            }
            if (!why.equals(said) || System.nanoTime() - saidAt > REMINDER.toNanos()) {
                LOG.warn("Waiting for the API server at {}: {}", client.getMasterUrl(), why.get());
                waiting.accept(why.get());
                said = why;
                saidAt = System.nanoTime();
            }
            Thread.sleep(PAUSE);
        }
        if (said.isPresent()) {
            LOG.info("The API server answers, after {} s", Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        }
    }

    private Optional<String> absence() {
        try {
            client.raw("/readyz");
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return ApiErrors.isAbsence(e) ? Optional.of(ApiErrors.sentence(e)) : Optional.empty();
        }
    }
}
