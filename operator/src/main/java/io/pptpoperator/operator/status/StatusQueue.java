package io.pptpoperator.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.LogContext;
import io.pptpoperator.operator.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resources whose status may not be true any more. One thread works them off, oldest first; what is offered again while
 * it waits is written once, with what is true by then. Kinds stand in lines of their own: the first one goes first,
 * since a server's status is what tells of thousands of users, but every fourth place is the last one's.
 */
public final class StatusQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusQueue.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int MOST_IN_A_ROW = 3;

    private final Clock clock;
    private final SequencedMap<Class<? extends HasMetadata>, Line> lines = new LinkedHashMap<>();
    /** How many were written since the last line had its turn. */
    private int inARow;
    private final LinkedHashMap<Item, Instant> later = new LinkedHashMap<>();
    /** When what is true of a resource changes by itself. */
    private final NavigableMap<Instant, Set<Item>> dates = new TreeMap<>();
    private final Map<Item, Instant> dateOf = new HashMap<>();
    private Thread thread;
    private volatile Instant lastSeenAlive;

    private record Item(Class<? extends HasMetadata> kind, ObjectKey key) {}

    private record Line(Consumer<ObjectKey> writer, LinkedHashMap<ObjectKey, Instant> waiting) {}

    /** An empty queue that {@link #start} sets in motion. */
    public StatusQueue(Clock clock) {
        this.clock = clock;
        lastSeenAlive = clock.instant();
    }

    /**
     * Says how the status of a kind is written: works out what is true, compares, and writes what differs. Kinds that
     * are named first go first.
     */
    public void setWriter(Class<? extends HasMetadata> kind, Consumer<ObjectKey> writer) {
        lines.put(kind, new Line(writer, new LinkedHashMap<>()));
    }

    /** Starts working. What was offered until then is forgotten: whoever starts looks at everything anyway. */
    public synchronized void start() {
        lastSeenAlive = clock.instant();
        thread = Thread.ofPlatform().daemon().name("status-queue").start(this::work);
    }

    /** Has the status of a resource looked at soon. */
    public synchronized void offer(Class<? extends HasMetadata> kind, ObjectKey key) {
        if (thread != null && lines.get(kind).waiting.putIfAbsent(key, clock.instant()) == null) {
            notifyAll();
        }
    }

    /** Has the status of a resource looked at when a time has come, instead of the time that was asked for before. */
    public synchronized void offerAt(Class<? extends HasMetadata> kind, ObjectKey key, Instant time) {
        forgetDate(kind, key);
        var item = new Item(kind, key);
        dateOf.put(item, time);
        dates.computeIfAbsent(time, it -> new HashSet<>()).add(item);
    }

    /** Of a resource whose status changes no more by itself. */
    public synchronized void forgetDate(Class<? extends HasMetadata> kind, ObjectKey key) {
        var item = new Item(kind, key);
        Instant before = dateOf.remove(item);
        if (before != null) {
            dates.computeIfPresent(before, (time, items) -> {
                items.remove(item);
                return items.isEmpty() ? null : items;
            });
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
                            item.kind().getSimpleName(), item.key(), ApiErrors.sentence(e));
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
            lines.get(item.kind()).writer.accept(item.key());
        }
    }

    private synchronized Item next() throws InterruptedException {
        while (true) {
            Instant now = clock.instant();
            lastSeenAlive = now;
            while (!later.isEmpty() && !later.firstEntry().getValue().isAfter(now)) {
                Item item = later.pollFirstEntry().getKey();
                lines.get(item.kind()).waiting.putIfAbsent(item.key(), now);
            }
            while (!dates.isEmpty() && !dates.firstKey().isAfter(now)) {
                dates.pollFirstEntry().getValue().forEach(item -> {
                    dateOf.remove(item);
                    lines.get(item.kind()).waiting.putIfAbsent(item.key(), now);
                });
            }
            List<Class<? extends HasMetadata>> kinds = lines.entrySet()
                    .stream()
                    .filter(it -> !it.getValue().waiting.isEmpty())
                    .map(Map.Entry::getKey)
                    .toList();
            if (!kinds.isEmpty()) {
                Class<? extends HasMetadata> kind = inARow < MOST_IN_A_ROW ? kinds.getFirst() : kinds.getLast();
                inARow = kind.equals(kinds.getLast()) ? 0 : inARow + 1;
                return new Item(kind, lines.get(kind).waiting.pollFirstEntry().getKey());
            }
            wait(1000);
        }
    }

    /** How many resources wait. */
    public synchronized int size() {
        return lines.values().stream().mapToInt(line -> line.waiting.size()).sum() + later.size();
    }

    /** How long the oldest of them has waited. */
    public synchronized Duration oldest() {
        return lines.values()
                .stream()
                .flatMap(line -> line.waiting.values().stream().limit(1))
                .min(Comparator.naturalOrder())
                .map(since -> Duration.between(since, clock.instant()))
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
