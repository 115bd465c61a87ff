package io.pptpoperator.operator.resource;

import io.pptpoperator.crds.PptpServer;
import java.util.Map;
import java.util.TreeMap;

/** Labels and annotations of the objects that the operator makes. */
public final class Labels {

    /** Who made an object. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** The value of {@link #MANAGED_BY}, and the field manager of every write. */
    public static final String OPERATOR = "pptp-operator";
    /** The PptpServer that an object belongs to. */
    public static final String SERVER = "pptp-operator.io/server";
    /** On pods that use their node's address: no node can have two of them, because GRE has no ports. */
    public static final String HOST_NETWORK = "pptp-operator.io/host-network";
    /** On pods: a digest of the settings that only a new pod can take on. */
    public static final String RESTART_DIGEST = "pptp-operator.io/restart-digest";
    /** On pods: changed whenever the mounted Secret changes, which makes the kubelet look at once. */
    public static final String CONFIGURATION_DIGEST = "pptp-operator.io/configuration";
    /** On workloads with an image of their own: a digest of what the spec says of their pods. */
    public static final String PINNED_DIGEST = "pptp-operator.io/pinned-digest";
    /** On workloads with an image of their own: how an operator made their pods when that digest was new. */
    public static final String PINNED_PODS = "pptp-operator.io/pinned-pods";
    /** Selects everything that the operator made. */
    public static final String SELECTOR = MANAGED_BY + "=" + OPERATOR;

    private Labels() {}

    /** What every object gets. */
    public static Map<String, String> common() {
        return Map.of(MANAGED_BY, OPERATOR);
    }

    /** What selects a server's pods; it can never change. */
    public static Map<String, String> selector(PptpServer server) {
        return Map.of("app.kubernetes.io/name", "pptp-server", SERVER, server.getMetadata().getName());
    }

    /** What a server's objects get. */
    public static Map<String, String> of(PptpServer server) {
        var labels = new TreeMap<>(selector(server));
        labels.putAll(common());
        labels.put("app.kubernetes.io/instance", server.getMetadata().getName());
        return labels;
    }
}
