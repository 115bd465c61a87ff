package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.pptpoperator.crds.PodSettings;
import io.pptpoperator.crds.PptpServer;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a data plane asks of its node. Where the spec says nothing of memory, it is what {@code limits.maxSessions} sessions
 * were measured to take (docs/installation.md); the heap is half of the limit, so that it follows from that number, and
 * not from the node's size. An image of the spec's may be older than this operator, and then is left as it was: nothing
 * new in the template replaces its pods.
 */
final class DataPlaneResources {

    private static final String CPU = "cpu";
    private static final String MEMORY = "memory";
    /** What a server that has just started takes, in MiB. */
    private static final int IDLE = 192;
    /** What a server has at least, in MiB: of each half, the heap's and the rest's, more than was measured. */
    private static final int LEAST = 384;
    /** Per thousand sessions, in MiB: twice what their heap was measured to be, and a quarter more. */
    private static final int THOUSAND_SESSIONS = 24;
    private static final int SESSIONS = 1000;
    private static final Quantity LEAST_CPU = new Quantity("100m");

    private DataPlaneResources() {}

    /** Null when the container asks for nothing. */
    static ResourceRequirements of(PptpServer server) {
        PodSettings.Resources given = server.getSpec().pod().resources();
        Map<String, Quantity> requests = new TreeMap<>(given == null ? Map.of() : given.requests());
        Map<String, Quantity> limits = new TreeMap<>(given == null ? Map.of() : given.limits());
        if (server.getSpec().image() != null) {
            return given == null
                    ? null
                    : new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
        }
        if (!requests.containsKey(CPU) && !limits.containsKey(CPU)) {
            requests.put(CPU, LEAST_CPU);
        }
        if (!requests.containsKey(MEMORY) && !limits.containsKey(MEMORY)) {
            requests.put(MEMORY, mebibytes(IDLE));
            limits.put(MEMORY, mebibytes(most(server.getSpec().limits().maxSessions())));
        }
        return new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
    }

    /** What a server with so many sessions takes at most, in MiB. */
    static int most(int sessions) {
        int thousands = (sessions + SESSIONS - 1) / SESSIONS;
        return LEAST + thousands * THOUSAND_SESSIONS;
    }

    private static Quantity mebibytes(int number) {
        return new Quantity(number + "Mi");
    }
}
