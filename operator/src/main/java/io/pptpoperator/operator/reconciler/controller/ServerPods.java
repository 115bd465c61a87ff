package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.config.UsersSchema;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.Owners;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.status.PptpServerStatuses;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pods of servers, and which files they run with. */
public final class ServerPods {

    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    private final Caches caches;
    private final SessionTable sessions;

    /** Pods as the caches know them, and what they told last. */
    public ServerPods(Caches caches, SessionTable sessions) {
        this.caches = caches;
        this.sessions = sessions;
    }

    /** The server's pods that a kubelet has, or will have, and whose part of the configuration is known. */
    public List<Pod> placed(PptpServer server) {
        return all(server).stream().filter(pod -> Names.member(pod) != null).toList();
    }

    /** The server's pods, also those of a DaemonSet that have no node yet. */
    public List<Pod> all(PptpServer server) {
        return caches.pods()
                .byIndex(ObjectKey.of(server).toString())
                .stream()
                .filter(pod -> Owners.isOfWorkload(pod, server))
                .filter(pod -> pod.getStatus() == null || pod.getStatus().getPhase() == null
                        || !OVER.contains(pod.getStatus().getPhase()))
                .toList();
    }

    /** Those of them that can be asked. */
    public List<Pod> withAddress(PptpServer server) {
        return placed(server).stream().filter(ServerPods::canBeAsked).toList();
    }

    /** Whether a pod has an address. One without, such as one that waits for a node, has no sessions either. */
    public static boolean canBeAsked(Pod pod) {
        return pod.getStatus() != null && pod.getStatus().getPodIP() != null;
    }

    /** Whether a ready pod runs with other files than those rendered, or nobody knows. */
    public boolean isApplying(PptpServer server, ServerState state) {
        return placed(server).stream()
                .filter(PptpServerStatuses::isReady)
                .anyMatch(pod -> isOutdated(server, pod, state));
    }

    /** Whether a pod runs with other files than those rendered, or nobody knows. */
    public boolean isOutdated(PptpServer server, Pod pod, ServerState state) {
        Optional<PodReport> report = sessions.report(ObjectKey.of(server), pod.getMetadata().getName());
        String file = state.files().get(Names.serverFile(Names.member(pod)));
        return report.isEmpty() || differs(report.get().serverDigest(), file)
                || report.get().radiusDigest().filter(it -> !it.equals(radius(state))).isPresent()
                || report.get().profilesDigest().filter(it -> !it.equals(profiles(state))).isPresent()
                || !report.get()
                        .usersDigest()
                        .equals(UsersSchema.digest(ConfigurationFiles.USERS, report.get().usersSchema(),
                                state.files()));
    }

    private static String radius(ServerState state) {
        return state.files().getOrDefault(ConfigurationFiles.RADIUS, "");
    }

    private static String profiles(ServerState state) {
        return state.files().getOrDefault(ConfigurationFiles.PROFILES, "");
    }

    private static boolean differs(Optional<String> runsWith, String rendered) {
        return !runsWith.equals(Optional.ofNullable(rendered));
    }
}
