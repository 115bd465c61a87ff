package io.pptpoperator.operator.cache;

import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.pptpoperator.crds.PptpServer;
import java.util.List;

/**
 * What the framework keeps of the servers it watches: which there are, for its queue. What they say is in {@link
 * Caches}, and so is when one begins to be deleted: of such a one the framework would not tell its reconciler any more.
 */
public final class NameStore extends BasicItemStore<PptpServer> {

    /** An empty store. */
    public NameStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public PptpServer put(String key, PptpServer server) {
        server.getMetadata().setManagedFields(List.of());
        server.getMetadata().setDeletionTimestamp(null);
        server.setSpec(null);
        server.setStatus(null);
        return super.put(key, server);
    }
}
