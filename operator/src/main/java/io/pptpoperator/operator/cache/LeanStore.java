package io.pptpoperator.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;

/**
 * Keeps watched objects without what nobody reads: who last wrote which field, which is half of many an object, and the
 * list of all images that a node has.
 *
 * @param <T> the kind
 */
public final class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {

    /** An empty store. */
    public LeanStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public T put(String key, T object) {
        object.getMetadata().setManagedFields(List.of());
        if (object instanceof Node node && node.getStatus() != null) {
            node.getStatus().setImages(List.of());
            node.getStatus().setConditions(List.of());
        }
        return super.put(key, object);
    }
}
