package io.pptpoperator.operator.status;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.Condition.Status;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.crds.PptpServerStatus;
import io.pptpoperator.crds.PptpServerStatus.AddressType;
import io.pptpoperator.crds.PptpServerStatus.PoolUse;
import io.pptpoperator.crds.PptpServerStatus.ServerAddress;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.roster.Consent;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says what a PptpServer is. */
public final class PptpServerStatuses {

    /** Whether the server is what its spec says, with all of its pods. */
    public static final String READY = "Ready";
    /** Whether clients can connect, be it to some of the pods only. */
    public static final String AVAILABLE = "Available";
    /** Whether the operator can make of the spec what it says. */
    public static final String RECONCILED = "Reconciled";
    /** Whether all pods that shall be there are ready. */
    public static final String DATA_PLANE_READY = "DataPlaneReady";
    /** Whether there is something to dial. */
    public static final String ADDRESS_AVAILABLE = "AddressAvailable";
    /** Whether every VpnUser that is meant for the server can log in. */
    public static final String USERS_ACCEPTED = "UsersAccepted";
    /** Whether there are addresses enough. */
    public static final String POOLS_SUFFICIENT = "PoolsSufficient";
    /** Whether all ready pods run with the rendered configuration. */
    public static final String CONFIGURATION_APPLIED = "ConfigurationApplied";

    /** Whether the RADIUS servers answer; only of a server that has some. */
    public static final String RADIUS_REACHABLE = "RadiusReachable";

    private static final Set<String> STUCK = Set.of("PodNotScheduled", "PodNotStarting", "PodForbidden",
            "PodNotEnding");
    /** A node that lives is done with a pod by the time that its deletion names, or very soon. */
    private static final Duration OVERDUE = Duration.ofMinutes(1);

    private static final String TUN = "/dev/net/tun";

    /** More names than that make no message clearer. */
    private static final int MAX_NAMED = 5;

    private PptpServerStatuses() {}

    /** The status of a server; equal facts give equal statuses, except for the times of conditions that change. */
    public static PptpServerStatus of(ServerFacts facts, Instant time) {
        PptpServer server = facts.server();
        Optional<PptpServerStatus> before = Optional.ofNullable(server.getStatus());
        List<Pod> ready = facts.pods().stream().filter(PptpServerStatuses::isReady).toList();
        List<ServerAddress> addresses = ServerAddresses.of(server, ready, facts.nodes());
        var conditions = new Conditions(before.map(PptpServerStatus::conditions).orElse(List.of()), facts.generation(),
                time.truncatedTo(ChronoUnit.SECONDS));
        conditions.set(READY, true, "", "");
        conditions.set(AVAILABLE, true, "", "");
        facts.failure()
                .ifPresentOrElse(
                        failure -> conditions.set(RECONCILED, false, failure.reason().name(), failure.message()),
                        () -> conditions.set(RECONCILED, true, "Reconciled", "every object is as the spec says"));
        dataPlane(conditions, facts, ready.size(), time);
        address(conditions, addresses, ServerAddresses.ipv6(server, ready), facts.seesNodes());
        users(conditions, facts);
        pools(conditions, facts);
        configuration(conditions, facts);
        facts.radius().ifPresent(it -> RadiusCondition.set(conditions, it));
        available(conditions, facts, ready.size(), addresses);
        FormerNameNotice.of(server)
                .ifPresent(it -> conditions.set(FormerNameNotice.TYPE, false, it.reason(), it.message()));
        conditions.firstNotTrue(List.of(RECONCILED, DATA_PLANE_READY, ADDRESS_AVAILABLE))
                .ifPresentOrElse(first -> conditions.set(READY, false, first.reason(), first.message()),
                        () -> conditions.set(READY, true, "Serving",
                                "clients can connect to " + addresses.getFirst().address()));
        return new PptpServerStatus(facts.generation(), conditions.list(),
                addresses.isEmpty() ? null : addresses.getFirst().address(), addresses, facts.pods().size(),
                ready.size(), selector(server), facts.users(), facts.sessions(),
                new PoolUse(facts.poolSize(), facts.poolUsed()));
    }

    private static void available(Conditions conditions, ServerFacts facts, int ready, List<ServerAddress> addresses) {
        if (ready > 0 && !addresses.isEmpty()) {
            conditions.set(AVAILABLE, true, "Serving", "clients can connect to " + addresses.getFirst().address() + ": "
                    + ready + " of " + facts.wantedPods() + " pods serve them");
        } else {
            conditions.firstNotTrue(List.of(DATA_PLANE_READY, ADDRESS_AVAILABLE))
                    .ifPresentOrElse(first -> conditions.set(AVAILABLE, false, first.reason(), first.message()),
                            () -> conditions.set(AVAILABLE, false, "NoPods", "no pod serves clients"));
        }
    }

    private static void address(Conditions conditions, List<ServerAddress> addresses, List<String> ipv6,
            boolean seesNodes) {
        if (!addresses.isEmpty()) {
            conditions.set(ADDRESS_AVAILABLE, true, "AddressFound", dialled(addresses.getFirst(), seesNodes));
        } else if (!ipv6.isEmpty()) {
            conditions.set(ADDRESS_AVAILABLE, false, "NoIpv4Address",
                    "ready pods have IPv6 addresses only (" + String.join(", ", ipv6)
                            + "), and PPTP is IPv4; exposure.addresses can name an IPv4 address that leads to them");
        } else {
            conditions.set(ADDRESS_AVAILABLE, false, "NoAddress",
                    "no ready pod has an address that clients could dial; exposure.addresses can name one");
        }
    }

    private static String dialled(ServerAddress first, boolean seesNodes) {
        String sentence = "clients dial " + first.address();
        return first.type() == AddressType.InternalIP && !seesNodes
                ? sentence + ", the pod's host address: the operator may not see nodes, and so not whether they have"
                        + " an ExternalIP (bind ClusterRole pptp-operator-nodes, or set exposure.addresses)"
                : sentence;
    }

    private static String selector(PptpServer server) {
        return new TreeMap<>(Labels.selector(server)).entrySet()
                .stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .collect(Collectors.joining(","));
    }

    /** Whether a pod is ready and not about to end. */
    public static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null && pod.getStatus() != null
                && pod.getStatus()
                        .getConditions()
                        .stream()
                        .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
    }

    /** Whether some RADIUS server answers, as the condition about them says. */
    public static boolean someRadiusAnswers(Condition radius) {
        return radius.status() == Status.True || radius.message().contains(RadiusCondition.SOME);
    }

    /** Whether pods do not become ready by themselves. */
    public static boolean isStuck(Condition condition) {
        return STUCK.contains(condition.reason());
    }

    private static void dataPlane(Conditions conditions, ServerFacts facts, int ready, Instant time) {
        int wanted = facts.wantedPods();
        if (wanted == 0) {
            boolean perNode = facts.server().getSpec().workload() == Workload.DaemonSet;
            conditions.set(DATA_PLANE_READY, false, perNode ? "NoNodeMatches" : "ScaledToZero",
                    perNode
                            ? "no node matches pod.nodeSelector, pod.affinity and pod.tolerations"
                            : "spec.replicas is 0");
        } else if (ready >= wanted) {
            conditions.set(DATA_PLANE_READY, true, "AllPodsReady", ready + " of " + wanted + " pods are ready");
        } else {
            Map.Entry<String, String> why = facts.pods()
                    .stream()
                    .filter(pod -> isOverdue(pod, time))
                    .findFirst()
                    .map(PptpServerStatuses::notEnding)
                    .orElseGet(() -> whyNotReady(facts));
            conditions.set(DATA_PLANE_READY, false, why.getKey(),
                    ready + " of " + wanted + " pods are ready: " + why.getValue());
        }
    }

    /** When a pod that ends is taken for one that nobody ends any more; nothing while it does not end. */
    public static Optional<Instant> overdueAt(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getDeletionTimestamp())
                .map(Instant::parse)
                .map(it -> it.plus(OVERDUE));
    }

    private static boolean isOverdue(Pod pod, Instant time) {
        return overdueAt(pod).filter(it -> !it.isAfter(time)).isPresent();
    }

    /** Kubernetes itself never does it: the pod may go on where the node lives, with the same addresses. */
    private static Map.Entry<String, String> notEnding(Pod pod) {
        String name = pod.getMetadata().getName();
        String node = pod.getSpec().getNodeName();
        return Map.entry("PodNotEnding",
                name + " was to be gone at " + pod.getMetadata().getDeletionTimestamp() + ", and its node " + node
                        + " does not say so; no other pod takes its place until then. Once the node is"
                        + " off for certain: kubectl delete node " + node + ", or kubectl delete pod " + name
                        + " --force");
    }

    private static Map.Entry<String, String> whyNotReady(ServerFacts facts) {
        for (Pod pod : facts.pods()) {
            if (!isReady(pod) && pod.getStatus() != null) {
                String name = pod.getMetadata().getName();
                var unscheduled = pod.getStatus()
                        .getConditions()
                        .stream()
                        .filter(it -> it.getType().equals("PodScheduled") && it.getStatus().equals("False"))
                        .findFirst();
                if (unscheduled.isPresent()) {
                    return Map.entry("PodNotScheduled", name + ": " + unscheduled.get().getMessage());
                }
                Optional<ContainerStateWaiting> waiting = pod.getStatus()
                        .getContainerStatuses()
                        .stream()
                        .filter(it -> it.getState() != null && it.getState().getWaiting() != null)
                        .map(it -> it.getState().getWaiting())
                        .findFirst();
                Optional<String> end = LastEnd.of(pod);
                if (end.isPresent()) {
                    return Map.entry("PodNotStarting", name + ": " + end.get());
                }
                String warning = facts.podWarnings().get(name);
                if (warning != null) {
                    return Map.entry("PodNotStarting",
                            name + ": " + warning
                                    + (warning.contains(TUN)
                                            ? "; run modprobe tun on node " + pod.getSpec().getNodeName()
                                            : ""));
                }
                if (waiting.isPresent() && waiting.get().getMessage() != null) {
                    return Map.entry("PodNotStarting",
                            name + ": " + waiting.get().getReason() + ": " + waiting.get().getMessage());
                }
            }
        }
        if (facts.pods().isEmpty() && facts.podRefusal().isPresent()) {
            String refusal = facts.podRefusal().get();
            return Map.entry("PodForbidden", refusal + (refusal.contains("violates PodSecurity")
                    ? "; label the namespace pod-security.kubernetes.io/enforce=privileged: a data plane needs NET_ADMIN"
                            + " and /dev/net/tun"
                    : ""));
        }
        if (facts.pods().isEmpty()) {
            return Map.entry("NoPods", "no pod was made; kubectl describe "
                    + (facts.server().getSpec().workload() == Workload.DaemonSet ? "daemonset " : "statefulset ")
                    + Names.base(facts.server()) + " says why (often the namespace does not admit pods with"
                    + " capabilities: label it pod-security.kubernetes.io/enforce=privileged)");
        }
        if (facts.withoutShare() > 0) {
            return Map.entry("PoolTooSmall", tooSmall(facts));
        }
        return Map.entry("PodsStarting", "the others are starting or ending");
    }

    private static void users(Conditions conditions, ServerFacts facts) {
        // No names: that its server selects them gives nobody a right to know of other namespaces' users.
        String others = facts.withoutConsent() == 0
                ? ""
                : "; " + facts.withoutConsent() + " of other namespaces are selected and do not agree to be"
                        + " served from here (spec.servers of the VpnUser, or the label " + Consent.LABEL_PREFIX
                        + facts.server().getMetadata().getNamespace() + "=" + Consent.VALUE + " of its namespace)";
        if (facts.rejected().isEmpty()) {
            conditions.set(USERS_ACCEPTED, true, "AllAccepted", facts.users() + " VpnUsers can log in" + others);
            return;
        }
        Map<ObjectKey, Rejected> rejected = facts.rejected();
        String named = rejected.entrySet()
                .stream()
                .limit(MAX_NAMED)
                .map(it -> it.getKey() + ": " + it.getValue().message())
                .collect(Collectors.joining("; "));
        int more = rejected.size() - MAX_NAMED;
        conditions.set(USERS_ACCEPTED, false, "SomeRejected", rejected.size() + " VpnUsers are left out: " + named
                + (more > 0 ? "; and " + more + " more" : "") + others);
    }

    private static void pools(Conditions conditions, ServerFacts facts) {
        if (facts.poolSize() == 0) {
            conditions.set(POOLS_SUFFICIENT, Status.Unknown, "NotReconciled",
                    "how many addresses there are is not known before the spec can be reconciled");
        } else if (facts.withoutShare() > 0) {
            conditions.set(POOLS_SUFFICIENT, false, "PoolTooSmall", tooSmall(facts));
        } else if (facts.poolUsed() >= facts.poolSize()) {
            conditions.set(POOLS_SUFFICIENT, false, "PoolExhausted",
                    "all " + facts.poolSize() + " addresses of the pools are in use");
        } else if (facts.users() > facts.poolSize()) {
            conditions.set(POOLS_SUFFICIENT, false, "FewerAddressesThanUsers", facts.users()
                    + " VpnUsers share the pools' " + facts.poolSize() + " addresses; not all can connect at once");
        } else {
            conditions.set(POOLS_SUFFICIENT, true, "Sufficient",
                    "the pools have " + facts.poolSize() + " addresses for " + facts.users() + " VpnUsers");
        }
    }

    private static String tooSmall(ServerFacts facts) {
        return "the pools' " + facts.poolSize() + " addresses leave " + facts.withoutShare() + " pods without any";
    }

    private static void configuration(Conditions conditions, ServerFacts facts) {
        if (facts.outdated().isEmpty()) {
            conditions.set(CONFIGURATION_APPLIED, true, "Applied",
                    "every ready pod runs with the newest configuration");
        } else {
            conditions.set(CONFIGURATION_APPLIED, false, "Applying",
                    "not yet at " + String.join(", ", facts.outdated().stream().limit(MAX_NAMED).toList()));
        }
    }
}
