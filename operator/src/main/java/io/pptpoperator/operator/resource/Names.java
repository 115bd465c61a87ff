package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import java.util.SortedSet;
import java.util.TreeSet;
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
        return server.getMetadata().getName() + "." + server.getMetadata().getNamespace()
                + ".pptp-operator.internal";
    }

    /** The names under which a StatefulSet's pods find their part of the configuration. */
    public static SortedSet<String> replicas(PptpServer server, int count) {
        var names = new TreeSet<String>();
        IntStream.range(0, count).forEach(ordinal -> names.add(base(server) + "-" + ordinal));
        return names;
    }

    /** The name under which a pod finds its part of the configuration: its own, or its node's in a DaemonSet. */
    public static String member(PptpServer server, Pod pod) {
        return server.getSpec().workload() == Workload.DaemonSet
                ? pod.getSpec().getNodeName()
                : pod.getMetadata().getName();
    }

    /** The key of a member's {@code server.yaml} in the configuration Secret. */
    public static String serverFile(String member) {
        return member + ".yaml";
    }
}
