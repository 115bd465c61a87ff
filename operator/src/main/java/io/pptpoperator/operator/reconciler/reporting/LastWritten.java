package io.pptpoperator.operator.reconciler.reporting;

import io.fabric8.kubernetes.client.CustomResource;
import io.pptpoperator.crds.TolerantResource;
import io.pptpoperator.operator.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statuses that were written last. The cache hears of a write a moment after it; until then a status must be worked
 * out from the one that was written, not from the one before it.
 *
 * @param <S> the status
 */
final class LastWritten<S> {

    /** Longer than a watch ever lags behind. */
    private static final Duration LAG = Duration.ofSeconds(10);

    private final Clock clock;
    private final Map<ObjectKey, Entry<S>> entries = new ConcurrentHashMap<>();

    private record Entry<S>(String uid, S status, Instant time) {}

    LastWritten(Clock clock) {
        this.clock = clock;
    }

    /**
     * A cached resource with its status of now: what was written just now, or what the cache says.
     *
     * @param fresh a new resource of the kind, to be filled
     */
    <P, R extends TolerantResource<P, S>> R upToDate(R cached, R fresh) {
        return cached.withStatus(fresh, status(cached));
    }

    private S status(CustomResource<?, S> cached) {
        Entry<S> entry = entries.get(ObjectKey.of(cached));
        if (entry == null) {
            return cached.getStatus();
        }
        boolean current = entry.uid.equals(cached.getMetadata().getUid())
                && entry.time.plus(LAG).isAfter(clock.instant());
        if (!current) {
            entries.remove(ObjectKey.of(cached), entry);
        }
        return current ? entry.status : cached.getStatus();
    }

    void put(CustomResource<?, S> resource, S status) {
        entries.put(ObjectKey.of(resource), new Entry<>(resource.getMetadata().getUid(), status, clock.instant()));
    }

    void remove(ObjectKey key) {
        entries.remove(key);
    }
}
