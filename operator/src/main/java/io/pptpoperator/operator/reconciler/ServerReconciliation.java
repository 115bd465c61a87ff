package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.crds.VpnUser;
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
import io.pptpoperator.operator.resource.Owners;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.roster.Consent;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.ServerTerms;
import io.pptpoperator.operator.roster.UserSelector;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.VpnUserStatuses;
import io.pptpoperator.protocol.address.AddressPool;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over one server: looks at what there is, works out what shall be, and writes the difference. */
final class ServerReconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(ServerReconciliation.class);
    /** Who had a username when no VpnUser's status says it: somebody else than any. */
    private static final ObjectKey NOBODY = new ObjectKey("", "");

    private final OperatorSettings settings;
    private final Caches caches;
    private final SessionTable sessions;
    private final PkiStore pki;
    private final ObjectWriter writer;
    private final KubeletNudge kubelets;
    private final Divisions divisions;
    private final Clock clock;
    private final SecureRandom random;

    ServerReconciliation(KubernetesClient client, OperatorSettings settings, Caches caches, SessionTable sessions,
            PkiStore pki, ObjectWriter writer, AnnotationQueue annotations, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.caches = caches;
        this.sessions = sessions;
        this.pki = pki;
        this.writer = writer;
        this.clock = clock;
        this.random = random;
        kubelets = new KubeletNudge(annotations::offer, clock);
        divisions = new Divisions(client, caches, sessions, clock);
    }

    /** What was known of a server by an earlier process of the operator: how its pools are divided. */
    ServerState restore(PptpServer server) {
        Divisions.Written written = divisions.written(server);
        return new ServerState(ServerState.NEW.generation(), Optional.empty(), false, Roster.EMPTY, holders(server),
                Set.of(), AddressPool.EMPTY, written.division(), 0, written.digests(), clock.instant());
    }

    /** Who has the usernames that more than one VpnUser claims, as far as statuses say it. */
    private Map<String, ObjectKey> holders(PptpServer server) {
        String key = ObjectKey.of(server).toString();
        var holders = new HashMap<String, ObjectKey>();
        caches.users()
                .stream()
                .filter(ServerReconciliation::isDuplicate)
                .forEach(user -> holders.put(user.username(), NOBODY));
        caches.users()
                .stream()
                .filter(user -> user.getStatus() != null && user.getStatus().servers().contains(key))
                .forEach(user -> holders.replace(user.username(), ObjectKey.of(user)));
        return holders;
    }

    private static boolean isDuplicate(VpnUser user) {
        return Optional.ofNullable(user.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), VpnUserStatuses.ACCEPTED))
                .filter(it -> it.reason().equals(UserVerdict.Reason.DuplicateUsername.name()))
                .isPresent();
    }

    /** The users of a server as they are now. */
    private Roster roster(PptpServer server, ServerTerms terms) {
        return Roster.of(server, terms, caches.users().stream().toList(),
                secret -> caches.secrets()
                        .get(secret)
                        .filter(PasswordMark::isOn)
                        .map(it -> it.getData() == null ? Map.of() : it.getData()),
                caches::labelsOf);
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
            SortedSet<String> wanted, ConfigurationFiles files, Roster roster, Set<String> changingHands,
            Optional<RuntimeException> problem) {}

    /**
     * Reconciles a server, as far as that is possible: whatever is wrong with the server itself or with the objects
     * around its pods, the pods learn of changed users.
     *
     * @param before what was made of it last time
     */
    Pass run(PptpServer server, ServerState before) {
        List<Pod> pods = pods(server);
        var objects = new ServerObjects(server, settings.namespace(), settings.scrapers());
        Draft draft;
        try {
            draft = draft(server, before, pods);
            divisions.writing(server);
            writer.apply(objects.configuration(draft.files.files()));
            divisions.wrote(server, draft.files);
        } catch (RuntimeException e) {
            return new Pass(before.unrendered(), Optional.of(said(server, e)));
        }
        Map<String, String> digests = draft.files.digests();
        int withoutShare = (int) Math.max(0, draft.wanted.size() - draft.pools.size());
        var after = new ServerState(server.getMetadata().getGeneration(), Optional.empty(), true, draft.roster,
                ServerState.usernames(draft.roster), draft.changingHands, draft.pools, draft.division, withoutShare,
                digests, digests.equals(before.files()) ? before.renderedAt() : clock.instant());
        var problems = new ArrayList<RuntimeException>(draft.problem.stream().toList());
        collect(server, problems, () -> {
            String certificate = applyAdminTls(server, objects);
            nudge(server, pods, after, certificate);
        });
        draft.rendering.ifPresent(rendering -> collect(server, problems, () -> {
            applyAround(server, objects, rendering, draft);
            prune(server);
        }));
        return new Pass(after, problems.stream().findFirst());
    }

    private static void collect(PptpServer server, List<RuntimeException> problems, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            problems.add(said(server, e));
        }
    }

    private Draft draft(PptpServer server, ServerState before, List<Pod> pods) {
        try {
            return rendered(server, before, pods);
        } catch (KubernetesClientException e) {
            throw e;
        } catch (RuntimeException e) {
            return withKeptSettings(server, before, pods, said(server, e));
        }
    }

    /** A problem as people are told of it. What nobody thought of is a problem of this one server all the same. */
    private static RuntimeException said(PptpServer server, RuntimeException problem) {
        if (problem instanceof InvalidSpecException || problem instanceof ConfigurationTooLargeException
                || problem instanceof NameTakenException || problem instanceof KubernetesClientException) {
            return problem;
        }
        LOG.error("PptpServer {} cannot be reconciled", ObjectKey.of(server), problem);
        return new InvalidSpecException(
                List.of("the operator cannot make anything of this PptpServer, and its log says more: " + problem));
    }

    private Draft rendered(PptpServer server, ServerState before, List<Pod> pods) {
        if (!server.isReadable()) {
            throw new InvalidSpecException(List.of(server.whyUnreadable()));
        }
        ServerRendering rendering = ServerRendering.of(server, ServerObjects.admin(server), settings.clusterDns());
        SortedSet<String> wanted = divisions.wanted(server, pods);
        Roster selected = roster(server, ServerTerms.of(server));
        Set<String> changingHands = changingHands(server, before, pods, selected);
        Roster all = Handover.without(changingHands, selected);
        PoolDivision division = divisions.next(server, rendering.pools(), wanted, pods, all.accepted());
        ConfigurationFiles settingsOfAll = ConfigurationFiles.of(rendering, division, Names::serverFile);
        Roster roster = settingsOfAll.fitting(all);
        int leftOut = all.accepted().size() - roster.accepted().size();
        return new Draft(Optional.of(rendering), rendering.pools(), division, wanted,
                settingsOfAll.withUsers(divisions.withFreeAddresses(server, roster.accepted(), wanted, pods)), roster,
                changingHands,
                leftOut == 0 ? Optional.empty() : Optional.of(ConfigurationTooLargeException.leavingOut(leftOut)));
    }

    /** Pods go on with their settings when the new ones are impossible; users come and go all the same. */
    private Draft withKeptSettings(PptpServer server, ServerState before, List<Pod> pods, RuntimeException problem) {
        ConfigurationFiles kept = divisions.read(server);
        Optional<ServerConfig> running = kept.server();
        if (running.isEmpty()) {
            throw problem;
        }
        Roster selected = roster(server, ServerTerms.of(server, running.get(), before.pools()));
        Set<String> changingHands = changingHands(server, before, pods, selected);
        Roster roster = kept.fitting(Handover.without(changingHands, selected));
        return new Draft(Optional.empty(), before.pools(), divisions.written(server).division(), new TreeSet<>(),
                kept.withUsers(
                        divisions.withFreeAddresses(server, roster.accepted(), divisions.wanted(server, pods), pods)),
                roster, changingHands, Optional.of(problem));
    }

    private Set<String> changingHands(PptpServer server, ServerState before, List<Pod> pods, Roster roster) {
        boolean applied = pods.stream()
                .filter(PptpServerStatuses::isReady)
                .noneMatch(pod -> isOutdated(server, pod, before));
        return Handover.pending(before.usernames(), before.changingHands(), applied, roster);
    }

    private void applyAround(PptpServer server, ServerObjects objects, ServerRendering rendering, Draft draft) {
        int replicas = draft.division.served(Names.replicas(server, server.getSpec().replicas()),
                Divisions.members(pods(server)));
        for (HasMetadata object : objects.around(replicas, settings.dataPlaneImage(), rendering.restartDigest())) {
            writer.apply(object);
        }
    }

    private void nudge(PptpServer server, List<Pod> pods, ServerState state, String certificate) {
        String mounted = Digests.of(state.files().get(ConfigurationFiles.USERS) + certificate);
        kubelets.nudge(ObjectKey.of(server),
                pods.stream()
                        .map(pod -> new KubeletNudge.Mounted(pod,
                                Digests.of(mounted + state.files().get(Names.serverFile(Names.member(pod)))),
                                !isOutdated(server, pod, state)))
                        .toList());
    }

    /** Why pods are being replaced now, when they are. */
    Optional<String> replacement(PptpServer server) {
        var name = new ObjectKey(server.getMetadata().getNamespace(), Names.base(server));
        return Replacement.of(caches.made(StatefulSet.class).get(name))
                .or(() -> Replacement.ofPerNode(caches.made(DaemonSet.class).get(name)));
    }

    /** The users that a server's configuration does not have, or still has, as they are now. */
    List<ObjectKey> unrendered(PptpServer server, ServerState state) {
        return caches.users()
                .stream()
                .filter(user -> UserSelector.matches(server, user) && Consent.isGiven(server, user, caches::labelsOf)
                        ? state.roster().verdict(user).isEmpty()
                        : state.serves(user))
                .map(ObjectKey::of)
                .toList();
    }

    /** The server's pods that a kubelet has, or will have, and whose part of the configuration is known. */
    List<Pod> pods(PptpServer server) {
        return allPods(server).stream().filter(pod -> Names.member(pod) != null).toList();
    }

    /** The server's pods, also those of a DaemonSet that have no node yet. */
    List<Pod> allPods(PptpServer server) {
        return caches.pods()
                .byIndex(ObjectKey.of(server).toString())
                .stream()
                .filter(pod -> Owners.isOfWorkload(pod, server))
                .filter(pod -> pod.getStatus() == null || pod.getStatus().getPhase() == null
                        || !Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()))
                .toList();
    }

    /**
     * Whether addresses are on their way from one pod to another, or a member or a user's own address is waited for.
     */
    boolean isDividing(PptpServer server, ServerState state) {
        return !state.division().isSettled(state.pools()) || divisions.isAddressAwaited(server)
                || !Divisions.members(pods(server)).containsAll(state.division().lenders());
    }

    /** Those of them that can be asked. */
    List<Pod> podsWithAddress(PptpServer server) {
        return pods(server).stream()
                .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
                .toList();
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

    /**
     * Ends the pods of a server that is being deleted and that somebody's finalizer holds, as the garbage collector
     * would without one; it removes the rest.
     */
    void retire(PptpServer server) {
        delete(server, List.of(StatefulSet.class, DaemonSet.class));
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
        delete(server, unwanted);
    }

    private void delete(PptpServer server, List<Class<? extends HasMetadata>> unwanted) {
        var name = new ObjectKey(server.getMetadata().getNamespace(), Names.base(server));
        unwanted.forEach(kind -> caches.made(kind)
                .get(name)
                .filter(it -> Owners.isOwnedBy(it, server))
                .ifPresent(writer::delete));
    }

    /** Forgets a server that is gone. */
    void forget(PptpServer server) {
        writer.forget(server.getMetadata().getNamespace(), Names.base(server));
        kubelets.forget(ObjectKey.of(server));
        divisions.forget(ObjectKey.of(server));
    }
}
