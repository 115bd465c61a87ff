package io.pptpoperator.e2e;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/** Has the cluster removed after the last test of the process, before the lab in which it stands. */
final class ClusterRemoval implements BeforeAllCallback {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(ClusterRemoval.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        // JUnit closes what is in there, the last first; the lab was put there for the constructor of the test class.
        AutoCloseable removal = Cluster::remove;
        context.getStore(StoreScope.LAUNCHER_SESSION, OURS)
                .computeIfAbsent(Cluster.class, key -> removal, AutoCloseable.class);
    }
}
