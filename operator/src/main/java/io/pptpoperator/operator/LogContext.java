package io.pptpoperator.operator;

import org.slf4j.MDC;

/** While it is open, whatever its thread logs says which resource it is about. */
public final class LogContext implements AutoCloseable {

    private static final String KIND = "kind";
    private static final String NAMESPACE = "namespace";
    private static final String NAME = "name";

    /**
     * Begins to be about a resource.
     *
     * @param kind as in manifests
     */
    public LogContext(String kind, ObjectKey resource) {
        MDC.put(KIND, kind);
        MDC.put(NAMESPACE, resource.namespace());
        MDC.put(NAME, resource.name());
    }

    @Override
    public void close() {
        MDC.remove(KIND);
        MDC.remove(NAMESPACE);
        MDC.remove(NAME);
    }
}
