package io.pptpoperator.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
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

    private final Class<T> kind;
    private final List<Watch<T>> watches = new ArrayList<>();
    private final List<BiConsumer<T, T>> listeners = new ArrayList<>();

    /**
     * What is watched.
     *
     * @param namespace of the objects; empty: all
     * @param objects those of one namespace, or all
     */
    record Source<T extends HasMetadata>(String namespace, FilterWatchListDeletable<T, ?, ?> objects) {}

    private record Watch<T extends HasMetadata>(Source<T> source, SharedIndexInformer<T> informer,
            AtomicReference<Throwable> lastFailure) {}

    /**
     * Prepares watches; {@link #start} starts them.
     *
     * @param sources what to watch: one list per namespace, or one of all
     * @param index what objects can be looked up by, beside their keys
     */
    Watched(Class<T> kind, List<Source<T>> sources, Function<T, List<String>> index) {
        this.kind = kind;
        for (Source<T> source : sources) {
            SharedIndexInformer<T> informer = source.objects().runnableInformer(0);
            var lastFailure = new AtomicReference<Throwable>();
            informer.itemStore(new LeanStore<>());
            informer.addIndexers(Map.of(INDEX, index));
            informer.addEventHandler(new Listeners());
            informer.exceptionHandler((started, failure) -> {
                Throwable before = lastFailure.getAndSet(failure);
                // While the API server is away every attempt of every watch fails in the same way.
                if (before == null || !ApiErrors.sentence(before).equals(ApiErrors.sentence(failure))) {
                    LOG.warn("The watch of {} failed and is started again: {}", said(source),
                            ApiErrors.sentence(failure));
                }
                return true;
            });
            watches.add(new Watch<>(source, informer, lastFailure));
        }
    }

    private String said(Source<T> source) {
        return kind.getSimpleName() + "s in "
                + (source.namespace().isEmpty() ? "all namespaces" : "namespace " + source.namespace());
    }

    private Stream<SharedIndexInformer<T>> informers() {
        return watches.stream().map(Watch::informer);
    }

    private final class Listeners implements ResourceEventHandler<T> {

        @Override
        public void onAdd(T object) {
            tell(null, object);
        }

        @Override
        public void onUpdate(T before, T after) {
            tell(before, after);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            tell(object, null);
        }
    }

    /** What one listener cannot cope with keeps no other one from hearing of it. */
    private void tell(T before, T after) {
        for (BiConsumer<T, T> listener : listeners) {
            try {
                listener.accept(before, after);
            } catch (RuntimeException e) {
                LOG.error("A change of {} is not followed up", said(after == null ? before : after), e);
            }
        }
    }

    private static String said(HasMetadata object) {
        return object.getKind() + " " + ObjectKey.of(object);
    }

    /**
     * Has a listener called with every change: what the object was (null for a new one) and what it is (null for one
     * that is gone). To be called before {@link #start}.
     */
    public void onChange(BiConsumer<T, T> listener) {
        listeners.add(listener);
    }

    /** Starts watching; the future is done when everything that exists is known. */
    CompletableFuture<Void> start() {
        return CompletableFuture.allOf(informers().map(SharedIndexInformer::start)
                .map(stage -> stage.toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /**
     * A watch that has not told yet what there is.
     *
     * @param said what it is about
     * @param source what it watches
     * @param failure what happened to it last, when anything did
     */
    record Unknown<T extends HasMetadata>(String said, Source<T> source, Optional<Throwable> failure) {}

    /** The watches that have not told yet what there is. */
    List<Unknown<T>> unknown() {
        return watches.stream()
                .filter(watch -> !watch.informer.hasSynced())
                .map(watch -> new Unknown<>(said(watch.source), watch.source,
                        Optional.ofNullable(watch.lastFailure.get())))
                .toList();
    }

    /** The kind. */
    Class<T> kind() {
        return kind;
    }

    /** How its watches are. */
    Stream<WatchHealth.Pulse> pulses() {
        return watches.stream().map(watch -> {
            boolean running = watch.informer.isWatching();
            if (running) {
                watch.lastFailure.set(null);
            }
            return new WatchHealth.Pulse(said(watch.source), running,
                    watch.informer.stopped().toCompletableFuture().isDone(), isRefused(watch));
        });
    }

    /** Whether something else than the API server's absence keeps a watch from telling what there is. */
    boolean isRefused() {
        return watches.stream().filter(watch -> !watch.informer.hasSynced()).anyMatch(Watched::isRefused);
    }

    private static boolean isRefused(Watch<?> watch) {
        return Optional.ofNullable(watch.lastFailure.get()).filter(it -> !ApiErrors.isAbsence(it)).isPresent();
    }

    /** Finds an object by its key. */
    public Optional<T> get(ObjectKey key) {
        String cacheKey = Cache.namespaceKeyFunc(key.namespace(), key.name());
        return informers().map(informer -> informer.getIndexer().getByKey(cacheKey))
                .filter(it -> it != null)
                .findFirst();
    }

    /** All objects. */
    public Stream<T> stream() {
        return informers().flatMap(informer -> informer.getIndexer().list().stream());
    }

    /** The objects that have a value in the index. */
    public List<T> byIndex(String value) {
        return informers().flatMap(informer -> informer.getIndexer().byIndex(INDEX, value).stream()).toList();
    }

    @Override
    public void close() {
        informers().forEach(SharedIndexInformer::stop);
    }
}
