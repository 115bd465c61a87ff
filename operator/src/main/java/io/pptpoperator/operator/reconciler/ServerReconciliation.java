package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.dataplane.address.AddressPool;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.pki.Identity;
import io.pptpoperator.operator.pki.OperatorPki;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.render.ConfigurationTooLargeException;
import io.pptpoperator.operator.render.Digests;
import io.pptpoperator.operator.render.InvalidSpecException;
import io.pptpoperator.operator.render.PoolDivision;
import io.pptpoperator.operator.render.ServerRendering;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.ServerTerms;
import io.pptpoperator.operator.roster.UserSelector;
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
import java.util.stream.Stream;

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
            PkiStore pki, ObjectWriter writer, Clock clock, SecureRandom random) {
        this.client = client;
        this.settings = settings;
        this.caches = caches;
        this.sessions = sessions;
        this.pki = pki;
        this.writer = writer;
        this.clock = clock;
        this.random = random;
        kubelets = new KubeletNudge(writer, clock);
    }

    /** What was known of a server by an earlier process of the operator: how its pools are divided. */
    ServerState restore(PptpServer server) {
        Map<String, String> files = written(server);
        if (files.isEmpty()) {
            return ServerState.NEW;
        }
        PoolDivision division = PoolDivision.parse(files.getOrDefault(ConfigurationFiles.POOLS, ""));
        return new ServerState(ServerState.NEW.generation(), Optional.empty(), false, Roster.EMPTY, Map.of(),
                AddressPool.EMPTY, division, 0, new ConfigurationFiles(new TreeMap<>(files)).digests(),
                clock.instant());
    }

    /** The configuration that the pods read now; nothing when there is none. */
    private Map<String, String> written(PptpServer server) {
        Secret secret = client.secrets().inNamespace(server.getMetadata().getNamespace())
                .withName(Names.configuration(server)).get();
        return secret == null ? Map.of() : PkiStore.decode(secret);
    }

    /** The users of a server as they are now. */
    private Roster roster(PptpServer server, ServerTerms terms) {
        return Roster.of(server, terms, caches.users().stream().toList(),
                secret -> caches.secrets().get(secret)
                        .map(it -> it.getData() == null ? Map.of() : it.getData()));
    }

    /**
     * What a pass came to.
     *
     * @param state what the server is now
     * @param problem what kept the pass from doing all it should
     */
    record Pass(ServerState state, Optional<RuntimeException> problem) {}

    /**
     * What the pods shall be told.
     *
     * @param rendering what all of them have in common; empty when they go on with the settings they have
     * @param problem what keeps the configuration from being what the resources say
     */
    private record Draft(Optional<ServerRendering> rendering, AddressPool pools, PoolDivision division,
            SortedSet<String> wanted, ConfigurationFiles files, Roster roster,
            Optional<RuntimeException> problem) {}

    /**
     * Reconciles a server, as far as that is possible: whatever is wrong with the server itself or with the objects around
     * its pods, the pods learn of changed users.
     *
     * @param before what was made of it last time
     */
    Pass run(PptpServer server, ServerState before) {
        List<Pod> pods = pods(server);
        var objects = new ServerObjects(server, settings.namespace());
        Draft draft;
        try {
            draft = draft(server, before, pods);
            writer.apply(objects.configuration(draft.files.files()));
        } catch (InvalidSpecException | ConfigurationTooLargeException | NameTakenException
                | KubernetesClientException e) {
            return new Pass(before.unrendered(), Optional.of(e));
        }
        Map<String, String> digests = draft.files.digests();
        int withoutShare = (int) draft.wanted.stream()
                .filter(it -> draft.division.shareOf(it).isEmpty()).count();
        var after = new ServerState(server.getMetadata().getGeneration(), Optional.empty(), true,
                draft.roster, ServerState.usernames(draft.roster), draft.pools, draft.division,
                draft.division.isSettled(draft.pools) ? withoutShare : 0, digests,
                digests.equals(before.files()) ? before.renderedAt() : clock.instant());
        var problems = new ArrayList<RuntimeException>(draft.problem.stream().toList());
        collect(problems, () -> {
            String certificate = applyAdminTls(server, objects);
            nudge(server, pods, after, certificate);
        });
        draft.rendering.ifPresent(rendering -> collect(problems, () -> {
            applyAround(server, objects, rendering, draft);
            prune(server);
        }));
        return new Pass(after, problems.stream().findFirst());
    }

    private static void collect(List<RuntimeException> problems, Runnable step) {
        try {
            step.run();
        } catch (NameTakenException | KubernetesClientException e) {
            problems.add(e);
        }
    }

    private Draft draft(PptpServer server, ServerState before, List<Pod> pods) {
        try {
            return rendered(server, before, pods);
        } catch (InvalidSpecException | ConfigurationTooLargeException e) {
            return withKeptSettings(server, before, e);
        }
    }

    private Draft rendered(PptpServer server, ServerState before, List<Pod> pods) {
        ServerRendering rendering = ServerRendering.of(server, ServerObjects.admin(server),
                settings.clusterDns());
        SortedSet<String> wanted = wantedMembers(server, pods);
        PoolDivision division = before.division().next(rendering.pools(), wanted,
                observe(server, before, pods));
        ConfigurationFiles settingsOfAll = ConfigurationFiles.of(rendering, division, Names::serverFile);
        Roster all = roster(server, ServerTerms.of(server));
        Roster roster = settingsOfAll.fitting(all);
        int leftOut = all.accepted().size() - roster.accepted().size();
        return new Draft(Optional.of(rendering), rendering.pools(), division, wanted,
                settingsOfAll.withUsers(roster.accepted()), roster,
                leftOut == 0
                        ? Optional.empty()
                        : Optional.of(ConfigurationTooLargeException.leavingOut(leftOut)));
    }

    /** Pods go on with their settings when the new ones are impossible; users come and go all the same. */
    private Draft withKeptSettings(PptpServer server, ServerState before, RuntimeException problem) {
        var kept = new ConfigurationFiles(new TreeMap<>(written(server)));
        Optional<ServerConfig> running = kept.server();
        if (running.isEmpty()) {
            throw problem;
        }
        Roster roster = kept.fitting(roster(server, ServerTerms.of(running.get())));
        return new Draft(Optional.empty(), before.pools(), before.division(), new TreeSet<>(),
                kept.withUsers(roster.accepted()), roster, Optional.of(problem));
    }

    private void applyAround(PptpServer server, ServerObjects objects, ServerRendering rendering,
            Draft draft) {
        int replicas = (int) IntStream.range(0, draft.wanted.size())
                .takeWhile(i -> !draft.division.shareOf(Names.base(server) + "-" + i).isEmpty()).count();
        for (HasMetadata object : objects.around(replicas, settings.dataPlaneImage(),
                rendering.restartDigest())) {
            writer.apply(object);
        }
    }

    private void nudge(PptpServer server, List<Pod> pods, ServerState state, String certificate) {
        String mounted = Digests.of(state.files().get(ConfigurationFiles.USERS) + certificate);
        pods.forEach(pod -> kubelets.nudge(pod,
                Digests.of(mounted + state.files().get(Names.serverFile(Names.member(server, pod)))),
                !isOutdated(server, pod, state)));
    }

    /** Why pods are being replaced now, when they are. */
    Optional<String> replacement(PptpServer server) {
        var name = new ObjectKey(server.getMetadata().getNamespace(), Names.base(server));
        return Replacement.of(caches.made(StatefulSet.class).get(name))
                .or(() -> Replacement.ofPerNode(caches.made(DaemonSet.class).get(name)));
    }

    /** The users that are meant for a server, and that its configuration does not have as they are now. */
    List<ObjectKey> unrendered(PptpServer server, ServerState state) {
        return caches.users().stream()
                .filter(user -> UserSelector.matches(server, user)
                        && state.roster().verdict(user).isEmpty())
                .map(ObjectKey::of).toList();
    }

    /** The server's pods that a kubelet has, or will have, and whose part of the configuration is known. */
    List<Pod> pods(PptpServer server) {
        return allPods(server).stream().filter(pod -> Names.member(server, pod) != null).toList();
    }

    /** The server's pods, also those of a DaemonSet that have no node yet. */
    List<Pod> allPods(PptpServer server) {
        return caches.pods().byIndex(ObjectKey.of(server).toString()).stream()
                .filter(pod -> pod.getStatus() == null || pod.getStatus().getPhase() == null
                        || !Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()))
                .toList();
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
    }
}
