package io.pptpoperator.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.pptpoperator.operator.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of one kind that the operator looks at, kept up to date by a watch per namespace, or one for all.
 *
 * @param <T> the kind
 */
public final class Watched<T extends HasMetadata> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
    private static final String INDEX = "index";

    private final List<SharedIndexInformer<T>> informers = new ArrayList<>();
    private final List<BiConsumer<T, T>> listeners = new ArrayList<>();

    /**
     * Prepares watches; {@link #start} starts them.
     *
     * @param sources what to watch: one list per namespace, or one of all
     * @param index what objects can be looked up by, beside their keys
     */
    Watched(List<? extends FilterWatchListDeletable<T, ?, ?>> sources, Function<T, List<String>> index) {
        for (FilterWatchListDeletable<T, ?, ?> source : sources) {
            SharedIndexInformer<T> informer = source.runnableInformer(0);
            informer.itemStore(new LeanStore<>());
            informer.addIndexers(Map.of(INDEX, index));
            informer.addEventHandler(new Listeners());
            informer.exceptionHandler((started, failure) -> {
                LOG.warn("A watch failed and is started again: {}", failure.toString());
                return true;
            });
            informers.add(informer);
        }
    }

    private final class Listeners implements ResourceEventHandler<T> {

        @Override
        public void onAdd(T object) {
            listeners.forEach(listener -> listener.accept(null, object));
        }

        @Override
        public void onUpdate(T before, T after) {
            listeners.forEach(listener -> listener.accept(before, after));
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            listeners.forEach(listener -> listener.accept(object, null));
        }
    }

    /**
     * Has a listener called with every change: what the object was (null for a new one) and what it is (null for one that
     * is gone). To be called before {@link #start}.
     */
    public void onChange(BiConsumer<T, T> listener) {
        listeners.add(listener);
    }

    /** Starts watching; the future is done when everything that exists is known. */
    CompletableFuture<Void> start() {
        return CompletableFuture.allOf(informers.stream().map(SharedIndexInformer::start)
                .map(stage -> stage.toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    /** Whether all watches run. */
    public boolean isHealthy() {
        return informers.stream().allMatch(SharedIndexInformer::isWatching);
    }

    /** Finds an object by its key. */
    public Optional<T> get(ObjectKey key) {
        String cacheKey = Cache.namespaceKeyFunc(key.namespace(), key.name());
        return informers.stream().map(informer -> informer.getIndexer().getByKey(cacheKey))
                .filter(it -> it != null)
                .findFirst();
    }

    /** All objects. */
    public Stream<T> stream() {
        return informers.stream().flatMap(informer -> informer.getIndexer().list().stream());
    }

    /** The objects that have a value in the index. */
    public List<T> byIndex(String value) {
        return informers.stream().flatMap(informer -> informer.getIndexer().byIndex(INDEX, value).stream())
                .toList();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }
}
