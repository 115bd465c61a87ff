package io.pptpoperator.operator.event;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.metrics.OperatorMetrics;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.status.WriteBudget;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what happens to a resource as a Kubernetes Event. What was said last of a matter is not said again for
 * half an hour; what became of it meanwhile always is. An
 * Event that cannot be written is no reason to stop: Events are for people who look, not for the operator.
 */
public final class EventRecorder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    /** More than that are a flood that nobody reads. */
    private static final int WAITING = 1000;
    /** The API server's bound on a note, in bytes. */
    private static final int MAX_NOTE = 1024;
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final String identity;
    private final WriteBudget budget;
    private final OperatorMetrics metrics;
    private final Clock clock;
    private final SaidEvents said = new SaidEvents();
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread = Thread.ofPlatform().daemon().name("event-recorder").unstarted(this::work);

    /**
     * A recorder for one operator process.
     *
     * @param identity what tells this process from others
     * @param budget how often it may write
     */
    public EventRecorder(KubernetesClient client, String identity, WriteBudget budget, OperatorMetrics metrics,
            Clock clock) {
        this.client = client;
        this.budget = budget;
        this.metrics = metrics;
        this.identity = identity;
        this.clock = clock;
        Stream.of(EventReason.values()).forEach(it -> metrics.declareEvent(it.type(), it.name()));
    }

    /** Starts writing. Until then what is reported waits. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /**
     * Reports something; waits for nobody.
     *
     * @param resource what it happened to
     * @param note a sentence for people; never a secret
     */
    public void record(HasMetadata resource, EventReason reason, String note) {
        if (!said.isNews(resource.getMetadata().getUid(), reason, note, clock.instant())) {
            return;
        }
        if (!waiting.offer(event(resource, reason, note))) {
            metrics.eventLost();
        }
    }

    private void work() {
        try {
            while (true) {
                Event event = waiting.take();
                budget.take();
                write(event);
            }
        } catch (InterruptedException e) {
            LOG.debug("The event recorder ends");
        }
    }

    private void write(Event event) {
        try {
            client.resource(event).create();
            metrics.eventWritten(event.getType(), event.getReason());
        } catch (KubernetesClientException e) {
            metrics.eventLost();
            LOG.info("The event {} of {} was not written: {}", event.getReason(), event.getRegarding().getName(),
                    ApiErrors.sentence(e));
        }
    }

    /** A note as far as the API server takes it. */
    static String fitting(String note) {
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_NOTE) {
            return note;
        }
        int end = MAX_NOTE - 3;
        // A character's further bytes begin with the bits 10.
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + "...";
    }

    private Event event(HasMetadata resource, EventReason reason, String note) {
        String name = resource.getMetadata().getName();
        return new EventBuilder().withNewMetadata()
                .withGenerateName(name.substring(0, Math.min(name.length(), 200)) + "-")
                .withNamespace(resource.getMetadata().getNamespace())
                .withLabels(Labels.common())
                .endMetadata()
                .withRegarding(new ObjectReferenceBuilder().withApiVersion(resource.getApiVersion())
                        .withKind(resource.getKind())
                        .withName(name)
                        .withNamespace(resource.getMetadata().getNamespace())
                        .withUid(resource.getMetadata().getUid())
                        .build())
                .withType(reason.type())
                .withReason(reason.name())
                .withAction("Reconcile")
                .withNote(fitting(note))
                .withReportingController("pptp-operator.io/operator")
                .withReportingInstance(identity)
                .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                .build();
    }
}
