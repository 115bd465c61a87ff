package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** One pass over one server: looks at what there is, works out what shall be, and writes the difference. */
final class ServerReconciliation {

    private final KubernetesClient client;
    private final OperatorSettings settings;
    private final Caches caches;
    private final SessionTable sessions;
    private final PkiStore pki;
    private final ObjectWriter writer;
    private final KubeletNudge kubelets;
    private final Clock clock;
    private final SecureRandom random;

    ServerReconciliation(KubernetesClient client, OperatorSettings settings, Caches caches,
            SessionTable sessions,
            PkiStore pki, ObjectWriter writer, AnnotationQueue annotations, Clock clock,
            SecureRandom random) {
        this.client = client;
        this.settings = settings;
        this.caches = caches;
        this.sessions = sessions;
        this.pki = pki;
        this.writer = writer;
        this.clock = clock;
        this.random = random;
        kubelets = new KubeletNudge(annotations::offer, clock);
    }

    /** What was known of a server by an earlier process of the operator: how its pools are divided. */
    ServerState restore(PptpServer server) {
        Secret secret = client.secrets().inNamespace(server.getMetadata().getNamespace())
                .withName(Names.configuration(server)).get();
        if (secret == null) {
            return ServerState.NEW;
        }
        Map<String, String> files = PkiStore.decode(secret);
        PoolDivision division = PoolDivision.parse(files.getOrDefault(ConfigurationFiles.POOLS, ""));
        return new ServerState(Optional.empty(), Roster.EMPTY, Map.of(), AddressPool.EMPTY, division, 0,
                new ConfigurationFiles(new TreeMap<>(files)).digests(), clock.instant());
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
        SortedSet<String> wanted = wantedMembers(server, pods);
        PoolDivision division = before.division().next(rendering.pools(), wanted,
                observe(server, before, pods));
        ConfigurationFiles files = ConfigurationFiles.of(rendering, division, roster.accepted(),
                Names::serverFile);
        Map<String, String> digests = files.digests();

        var objects = new ServerObjects(server, settings.namespace(), settings.scrapers());
        String certificate = applyAdminTls(server, objects);
        writer.apply(objects.configuration(files.files()));
        int replicas = (int) IntStream.range(0, wanted.size())
                .takeWhile(i -> !division.shareOf(Names.base(server) + "-" + i).isEmpty()).count();
        for (HasMetadata object : objects.around(replicas, settings.dataPlaneImage(),
                rendering.restartDigest())) {
            writer.apply(object);
        }
        prune(server);

        int withoutShare = (int) wanted.stream().filter(it -> division.shareOf(it).isEmpty()).count();
        var after = new ServerState(Optional.empty(), roster, ServerState.usernames(roster),
                rendering.pools(), division,
                division.isSettled(rendering.pools()) ? withoutShare : 0, digests,
                digests.equals(before.files()) ? before.renderedAt() : clock.instant());
        String mounted = Digests.of(digests.get(ConfigurationFiles.USERS) + certificate);
        kubelets.nudge(ObjectKey.of(server), pods.stream().map(pod -> new KubeletNudge.Mounted(pod,
                Digests.of(mounted + digests.get(Names.serverFile(Names.member(server, pod)))),
                !isOutdated(server, pod, after))).toList());
        return after;
    }

    /** The server's pods that a kubelet has, or will have. */
    List<Pod> pods(PptpServer server) {
        return caches.pods().byIndex(ObjectKey.of(server).toString()).stream()
                .filter(pod -> pod.getStatus() == null || pod.getStatus().getPhase() == null
                        || !Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()))
                .filter(pod -> Names.member(server, pod) != null).toList();
    }

    private static SortedSet<String> wantedMembers(PptpServer server, List<Pod> pods) {
        if (server.getSpec().workload() == Workload.StatefulSet) {
            return Names.replicas(server, server.getSpec().replicas());
        }
        var nodes = new TreeSet<String>();
        pods.forEach(pod -> nodes.add(pod.getSpec().getNodeName()));
        return nodes;
    }

    private PoolDivision.Observation observe(PptpServer server, ServerState before, List<Pod> pods) {
        var running = new HashSet<String>();
        var confirmed = new HashSet<String>();
        for (Pod pod : pods) {
            String member = Names.member(server, pod);
            running.add(member);
            if (!isOutdated(server, pod, before)) {
                confirmed.add(member);
            }
        }
        return new PoolDivision.Observation(running, confirmed, sessions.addresses(ObjectKey.of(server)));
    }

    /** Whether a pod runs with other files than those rendered, or nobody knows. */
    boolean isOutdated(PptpServer server, Pod pod, ServerState state) {
        Optional<PodReport> report = sessions.report(ObjectKey.of(server), pod.getMetadata().getName());
        String file = state.files().get(Names.serverFile(Names.member(server, pod)));
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
        var unwanted = new ArrayList<Class<? extends HasMetadata>>();
        unwanted.add(perNode ? StatefulSet.class : DaemonSet.class);
        if (perNode) {
            unwanted.add(PodDisruptionBudget.class);
        }
        if (server.getSpec().exposure().type() == Exposure.Type.PodNetwork) {
            unwanted.add(NetworkPolicy.class);
        }
        var name = new ObjectKey(server.getMetadata().getNamespace(), Names.base(server));
        unwanted.forEach(kind -> caches.made(kind).get(name)
                .filter(it -> it.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getUid().equals(server.getMetadata().getUid())))
                .ifPresent(writer::delete));
    }

    /** Forgets a server that is gone. */
    void forget(PptpServer server) {
        writer.forget(server.getMetadata().getNamespace(), Names.base(server));
        kubelets.forget(ObjectKey.of(server));
    }
}
