package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.dataplane.address.AddressPool;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.pki.Identity;
import io.pptpoperator.operator.pki.OperatorPki;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.render.Digests;
import io.pptpoperator.operator.render.PoolDivision;
import io.pptpoperator.operator.render.ServerRendering;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionTable;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;

/** One pass over one server: looks at what there is, works out what shall be, and writes the difference. */
final class ServerReconciliation {

    private final OperatorSettings settings;
    private final Caches caches;
    private final SessionTable sessions;
    private final PkiStore pki;
    private final ObjectWriter writer;
    private final KubeletNudge kubelets;
    private final Divisions divisions;
    private final Clock clock;
    private final SecureRandom random;

    ServerReconciliation(KubernetesClient client, OperatorSettings settings, Caches caches,
            SessionTable sessions,
            PkiStore pki, ObjectWriter writer, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.caches = caches;
        this.sessions = sessions;
        this.pki = pki;
        this.writer = writer;
        this.clock = clock;
        this.random = random;
        kubelets = new KubeletNudge(writer, clock);
        divisions = new Divisions(client, caches, sessions, clock);
    }

    /** What was known of a server by an earlier process of the operator: how its pools are divided. */
    ServerState restore(PptpServer server) {
        Divisions.Written written = divisions.written(server);
        return new ServerState(Optional.empty(), Roster.EMPTY, Map.of(), AddressPool.EMPTY,
                written.division(), 0, written.digests(), clock.instant());
    }

    /** The users of a server as they are now. */
    Roster roster(PptpServer server) {
        return Roster.of(server, caches.users().stream().toList(),
                secret -> caches.secrets().get(secret)
                        .map(it -> it.getData() == null ? Map.of() : it.getData()));
    }

    /**
     * Reconciles a server.
     *
     * @param before what was made of it last time
     * @throws io.pptpoperator.operator.render.InvalidSpecException when the spec says something impossible
     * @throws NameTakenException when an object of the server's is somebody else's
     */
    ServerState run(PptpServer server, ServerState before, Roster roster) {
        ServerRendering rendering = ServerRendering.of(server, ServerObjects.admin(server),
                settings.clusterDns());
        List<Pod> pods = pods(server);
        SortedSet<String> wanted = divisions.wanted(server, pods);
        PoolDivision division = divisions.next(server, rendering.pools(), wanted, pods,
                roster.accepted());
        ConfigurationFiles files = ConfigurationFiles.of(rendering, division,
                divisions.withFreeAddresses(server, roster.accepted(), wanted, pods), Names::serverFile);
        Map<String, String> digests = files.digests();

        var objects = new ServerObjects(server, settings.namespace());
        String certificate = applyAdminTls(server, objects);
        divisions.writing(server);
        writer.apply(objects.configuration(files.files()));
        divisions.wrote(server, files);
        int replicas = division.served(Names.replicas(server, server.getSpec().replicas()),
                Divisions.members(pods));
        for (HasMetadata object : objects.around(replicas, settings.dataPlaneImage(),
                rendering.restartDigest())) {
            writer.apply(object);
        }
        prune(server);

        int withoutShare = (int) Math.max(0, wanted.size() - rendering.pools().size());
        var after = new ServerState(Optional.empty(), roster, ServerState.usernames(roster),
                rendering.pools(), division, withoutShare, digests,
                digests.equals(before.files()) ? before.renderedAt() : clock.instant());
        String mounted = Digests.of(digests.get(ConfigurationFiles.USERS) + certificate);
        pods.forEach(pod -> kubelets.nudge(pod,
                Digests.of(mounted + digests.get(Names.serverFile(Names.member(pod)))),
                !isOutdated(server, pod, after)));
        return after;
    }

    /** The server's pods that a kubelet has, or will have. */
    List<Pod> pods(PptpServer server) {
        return caches.pods().byIndex(ObjectKey.of(server).toString()).stream()
                .filter(pod -> pod.getStatus() == null || pod.getStatus().getPhase() == null
                        || !Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()))
                .filter(pod -> Names.member(pod) != null).toList();
    }

    /** Whether addresses are on their way from one pod to another, or a member or a user's own address is waited for. */
    boolean isDividing(PptpServer server, ServerState state) {
        return !state.division().isSettled(state.pools()) || divisions.isAddressAwaited(server)
                || !Divisions.members(pods(server)).containsAll(state.division().lenders());
    }

    /** Whether a pod runs with other files than those rendered, or nobody knows. */
    boolean isOutdated(PptpServer server, Pod pod, ServerState state) {
        Optional<PodReport> report = sessions.report(ObjectKey.of(server), pod.getMetadata().getName());
        String file = state.files().get(Names.serverFile(Names.member(pod)));
        return report.isEmpty() || differs(report.get().serverDigest(), file)
                || differs(report.get().usersDigest(), state.files().get(ConfigurationFiles.USERS));
    }

    private static boolean differs(Optional<String> runsWith, String rendered) {
        return !runsWith.equals(Optional.ofNullable(rendered));
    }

    private String applyAdminTls(PptpServer server, ServerObjects objects) {
        OperatorPki authority = pki.current();
        Map<String, String> files = caches.secrets()
                .get(new ObjectKey(server.getMetadata().getNamespace(), Names.adminTls(server)))
                .map(PkiStore::decode)
                .orElse(Map.of());
        var current = new Identity(files.getOrDefault("tls.crt", ""), files.getOrDefault("tls.key", ""));
        Identity identity = authority.server(current, Names.adminHost(server), clock.instant(), random);
        writer.apply(objects.adminTls(identity.certificate(), identity.key(), authority.trusted()));
        return identity.certificate() + authority.trusted();
    }

    /** Removes what an earlier spec needed and this one does not. */
    private void prune(PptpServer server) {
        boolean perNode = server.getSpec().workload() == Workload.DaemonSet;
        Class<? extends HasMetadata> otherWorkload = perNode ? StatefulSet.class : DaemonSet.class;
        Stream<Class<? extends HasMetadata>> unwanted = server.getSpec().exposure()
                .type() == Exposure.Type.PodNetwork
                        ? Stream.of(otherWorkload, NetworkPolicy.class)
                        : Stream.of(otherWorkload);
        var name = new ObjectKey(server.getMetadata().getNamespace(), Names.base(server));
        unwanted.forEach(kind -> caches.made(kind).get(name)
                .filter(it -> it.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getUid().equals(server.getMetadata().getUid())))
                .ifPresent(writer::delete));
    }

    /** Forgets a server that is gone. */
    void forget(PptpServer server) {
        writer.forget(server.getMetadata().getNamespace(), Names.base(server));
        pods(server).forEach(kubelets::forget);
        divisions.forget(ObjectKey.of(server));
    }
}
