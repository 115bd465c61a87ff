package io.pptpoperator.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resources whose status may not be true any more. One thread works them off, oldest first; what is offered again while
 * it waits is written once, with what is true by then.
 */
public final class StatusQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusQueue.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Clock clock;
    private final Map<Class<? extends HasMetadata>, Consumer<ObjectKey>> writers = new HashMap<>();
    private final LinkedHashMap<Item, Instant> waiting = new LinkedHashMap<>();
    private final LinkedHashMap<Item, Instant> later = new LinkedHashMap<>();
    private Thread thread;
    private volatile Instant lastSeenAlive;

    private record Item(Class<? extends HasMetadata> kind, ObjectKey key) {}

    /** An empty queue that {@link #start} sets in motion. */
    public StatusQueue(Clock clock) {
        this.clock = clock;
        lastSeenAlive = clock.instant();
    }

    /** Says how the status of a kind is written: works out what is true, compares, and writes what differs. */
    public void setWriter(Class<? extends HasMetadata> kind, Consumer<ObjectKey> writer) {
        writers.put(kind, writer);
    }

    /** Starts working. What was offered until then is forgotten: whoever starts looks at everything anyway. */
    public synchronized void start() {
        lastSeenAlive = clock.instant();
        thread = Thread.ofPlatform().daemon().name("status-queue").start(this::work);
    }

    /** Has the status of a resource looked at soon. */
    public synchronized void offer(Class<? extends HasMetadata> kind, ObjectKey key) {
        if (thread != null && waiting.putIfAbsent(new Item(kind, key), clock.instant()) == null) {
            notifyAll();
        }
    }

    private void work() {
        try {
            while (true) {
                Item item = next();
                try {
                    write(item);
                } catch (RuntimeException e) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    LOG.warn("The status of {} {} could not be written, and will be tried again: {}",
                            item.kind().getSimpleName(), item.key(), e.toString());
                    synchronized (this) {
                        later.putIfAbsent(item, clock.instant().plus(AFTER_FAILURE));
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The status queue ends");
        }
    }

    @SuppressWarnings("try") // is there to be closed
    private void write(Item item) {
        try (var context = new LogContext(item.kind().getSimpleName(), item.key())) {
            writers.get(item.kind()).accept(item.key());
        }
    }

    private synchronized Item next() throws InterruptedException {
        while (true) {
            Instant now = clock.instant();
            lastSeenAlive = now;
            while (!later.isEmpty() && !later.firstEntry().getValue().isAfter(now)) {
                waiting.putIfAbsent(later.pollFirstEntry().getKey(), now);
            }
            if (!waiting.isEmpty()) {
                return waiting.pollFirstEntry().getKey();
            }
            wait(1000);
        }
    }

    /** How many resources wait. */
    public synchronized int size() {
        return waiting.size() + later.size();
    }

    /** How long the oldest of them has waited. */
    public synchronized Duration oldest() {
        return Optional.ofNullable(waiting.firstEntry())
                .map(it -> Duration.between(it.getValue(), clock.instant()))
                .orElse(Duration.ZERO);
    }

    /** When the thread last asked for work; long ago when it hangs. */
    public Instant lastSeenAlive() {
        return lastSeenAlive;
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
