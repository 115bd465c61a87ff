package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import java.util.List;
import java.util.stream.IntStream;

/** Names of what belongs to a server, all derived from the server's own. */
public final class Names {

    private static final String SUFFIX = "-pptp";

    private Names() {}

    /** The workload, its Service, ServiceAccount, PodDisruptionBudget and NetworkPolicy. */
    public static String base(PptpServer server) {
        return server.getMetadata().getName() + SUFFIX;
    }

    /** The Secret with the rendered configuration. */
    public static String configuration(PptpServer server) {
        return base(server) + "-config";
    }

    /** The Secret with the administration port's certificate. */
    public static String adminTls(PptpServer server) {
        return base(server) + "-admin-tls";
    }

    /** What the administration port's certificate is made out to; no name that any resolver knows. */
    public static String adminHost(PptpServer server) {
        return server.getMetadata().getName() + "." + server.getMetadata().getNamespace() + ".pptp-operator.internal";
    }

    /**
     * The names under which a StatefulSet's pods find their part of the configuration, in the order of their numbers.
     */
    public static List<String> replicas(PptpServer server, int count) {
        return IntStream.range(0, count).mapToObj(ordinal -> base(server) + "-" + ordinal).toList();
    }

    /** Whether a member has the name of a StatefulSet's pod. */
    public static boolean isReplica(PptpServer server, String member) {
        return member.startsWith(base(server) + "-") && member.substring(base(server).length() + 1).matches("[0-9]+");
    }

    /**
     * The name under which a pod finds its part of the configuration: its own, or its node's in a DaemonSet; null while
     * a DaemonSet's pod has no node.
     */
    public static String member(Pod pod) {
        return isPerNode(pod) ? pod.getSpec().getNodeName() : pod.getMetadata().getName();
    }

    /**
     * Whether a pod is a DaemonSet's. The spec cannot tell: pods of the workload that it named before go on for a
     * while.
     */
    public static boolean isPerNode(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream().anyMatch(owner -> owner.getKind().equals("DaemonSet"));
    }

    /** The key of a member's {@code server.yaml} in the configuration Secret. */
    public static String serverFile(String member) {
        return member + ".yaml";
    }
}
