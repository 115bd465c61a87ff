package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.crds.UpdatePolicy;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.OperatorSettings;
import io.pptpoperator.operator.SecretTexts;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.lending.Lending;
import io.pptpoperator.operator.lending.LendingRecord;
import io.pptpoperator.operator.pki.Identity;
import io.pptpoperator.operator.pki.OperatorPki;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.reconciler.writing.AnnotationQueue;
import io.pptpoperator.operator.reconciler.writing.ImageTrialPods;
import io.pptpoperator.operator.reconciler.writing.KubeletNudge;
import io.pptpoperator.operator.reconciler.writing.NameTakenException;
import io.pptpoperator.operator.reconciler.writing.ObjectWriter;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.render.ConfigurationTooLargeException;
import io.pptpoperator.operator.render.Digests;
import io.pptpoperator.operator.render.InvalidSpecException;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.Owners;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.roster.Consent;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.SecretLookup;
import io.pptpoperator.operator.roster.SecretMark;
import io.pptpoperator.operator.roster.UserSelector;
import io.pptpoperator.operator.session.SessionTable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over one server: looks at what there is, once ({@link ServerSnapshot}); works out what shall be
 * ({@link ServerPlan}); writes the difference.
 */
public final class ServerReconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(ServerReconciliation.class);

    private final OperatorSettings settings;
    private final Caches caches;
    private final SessionTable sessions;
    private final PkiStore pki;
    private final ObjectWriter writer;
    private final KubeletNudge kubelets;
    private final WrittenConfigurations configurations;
    private final ServerPods pods;
    private final ImageTrialPods trials;
    private final Clock clock;
    private final SecureRandom random;

    /** Puts the parts of a pass together. */
    public ServerReconciliation(KubernetesClient client, OperatorSettings settings, Caches caches,
            SessionTable sessions, ServerPods pods, PkiStore pki, ObjectWriter writer, AnnotationQueue annotations,
            Clock clock, SecureRandom random) {
        this.settings = settings;
        this.caches = caches;
        this.sessions = sessions;
        this.pods = pods;
        this.pki = pki;
        this.writer = writer;
        this.clock = clock;
        this.random = random;
        kubelets = new KubeletNudge(annotations::offer, clock);
        trials = new ImageTrialPods(client, caches, writer);
        configurations = new WrittenConfigurations(client, writer);
    }

    /** What was known of a server by an earlier process of the operator: how its pools are divided. */
    ServerState restore(PptpServer server) {
        LendingRecord record = configurations.record(server);
        RenderedServer nothing = RenderedServer.NOTHING;
        return new ServerState(ServerState.NEW.generation(), Optional.empty(), false,
                new RenderedServer(nothing.roster(), Handover.holders(server, caches.users().stream().toList()),
                        nothing.changingHands(), nothing.pools(), record.division(), nothing.absences(),
                        nothing.withoutShare(), nothing.addressAwaited(), nothing.missedSecrets(), nothing.radius(),
                        nothing.profiles(), record.digests()),
                clock.instant());
    }

    /**
     * What a pass came to.
     *
     * @param state what the server is now
     * @param problem what kept the pass from doing all it should
     */
    record Pass(ServerState state, Optional<RuntimeException> problem) {}

    /**
     * Reconciles a server, as far as that is possible: whatever is wrong with the server itself or with the objects around
     * its pods, the pods learn of changed users.
     *
     * @param before what was made of it last time
     */
    Pass run(PptpServer server, ServerState before) {
        ServerSnapshot seen;
        ServerPlan plan;
        var objects = new ServerObjects(server, settings.namespace(), settings.scrapers());
        try {
            seen = look(server, before);
            plan = plan(seen);
            configurations.write(server, objects, plan.files());
        } catch (RuntimeException e) {
            return new Pass(before.unrendered(), Optional.of(said(server, e)));
        }
        ServerState after = before.rendered(server.getMetadata().getGeneration(), plan.rendered(), seen.now());
        var problems = new ArrayList<RuntimeException>(plan.problem().stream().toList());
        collect(server, problems, () -> {
            String certificate = applyAdminTls(server, objects);
            nudge(server, seen.pods(), after, certificate);
        });
        if (plan.rendering().isPresent()) {
            collect(server, problems, () -> {
                ServerPlan.Around around = plan.around(seen, objects, settings.dataPlaneImage());
                if (!trials.settle(server, around.trial().pods())) {
                    around = plan.around(seen.withoutTrials(), objects, settings.dataPlaneImage());
                }
                around.objects().forEach(writer::apply);
                prune(server);
                endBrokenPod(seen);
                around.problem().ifPresent(problems::add);
            });
        }
        return new Pass(after, problems.stream().findFirst());
    }

    private void endBrokenPod(ServerSnapshot seen) {
        seen.workload()
                .filter(StatefulSet.class::isInstance)
                .flatMap(set -> BrokenPods.next((StatefulSet) set, seen.pods(), seen.now()))
                .ifPresent(pod -> {
                    LOG.info("Pod {} does not become ready, and is of an earlier spec: it is made anew",
                            ObjectKey.of(pod));
                    writer.end(pod);
                });
    }

    private ServerSnapshot look(PptpServer server, ServerState before) {
        Instant now = clock.instant();
        List<Pod> placed = pods.placed(server);
        LendingRecord record = configurations.record(server);
        var lending = new Lending(new Lending.Facts(server, record, placed, sessions.reports(ObjectKey.of(server)),
                before.rendered().absences(), this::isNode, now));
        return new ServerSnapshot(server, before, placed, Optional.of(trials.of(server)),
                !pods.isApplying(server, before), workload(server), record, lending, caches.users().stream().toList(),
                caches.profiles().stream().toList(), secrets(PasswordMark::isOn),
                secrets(it -> SecretMark.RADIUS.isIn(it.getMetadata().getLabels())), caches::labelsOf,
                caches.nodes().map(it -> it.stream().toList()).orElse(List.of()), settings.clusterDns(), now);
    }

    private Optional<HasMetadata> workload(PptpServer server) {
        boolean perNode = server.getSpec().workload() == Workload.DaemonSet;
        var name = new ObjectKey(server.getMetadata().getNamespace(), Names.base(server));
        Optional<? extends HasMetadata> workload = perNode
                ? caches.made(DaemonSet.class).get(name)
                : caches.made(StatefulSet.class).get(name);
        return workload.filter(it -> Owners.isOwnedBy(it, server)).map(HasMetadata.class::cast);
    }

    private SecretLookup secrets(Predicate<Secret> mark) {
        return secret -> caches.secrets()
                .get(secret)
                .filter(mark)
                .map(it -> it.getData() == null ? Map.of() : it.getData());
    }

    /** Whether there is such a node, as far as the operator may know. */
    private boolean isNode(String name) {
        return caches.nodes().filter(nodes -> nodes.get(new ObjectKey(null, name)).isEmpty()).isEmpty();
    }

    private ServerPlan plan(ServerSnapshot seen) {
        try {
            return ServerPlan.of(seen);
        } catch (RuntimeException e) {
            return ServerPlan.keeping(seen, configurations.read(seen.server()), said(seen.server(), e));
        }
    }

    private static void collect(PptpServer server, List<RuntimeException> problems, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            problems.add(said(server, e));
        }
    }

    /** A problem as people are told of it. What nobody thought of is a problem of this one server all the same. */
    private static RuntimeException said(PptpServer server, RuntimeException problem) {
        if (problem instanceof InvalidSpecException || problem instanceof ConfigurationTooLargeException
                || problem instanceof NameTakenException || problem instanceof ImageNotPulledException
                || problem instanceof KubernetesClientException) {
            return problem;
        }
        LOG.error("PptpServer {} cannot be reconciled", ObjectKey.of(server), problem);
        return new InvalidSpecException(
                List.of("the operator cannot make anything of this PptpServer, and its log says more: " + problem));
    }

    private void nudge(PptpServer server, List<Pod> placed, ServerState state, String certificate) {
        String mounted = Digests
                .of(ConfigurationFiles.users(state.files()) + state.files().getOrDefault(ConfigurationFiles.RADIUS, "")
                        + state.files().getOrDefault(ConfigurationFiles.PROFILES, "") + certificate);
        kubelets.nudge(ObjectKey.of(server),
                placed.stream()
                        .map(pod -> new KubeletNudge.Mounted(pod,
                                Digests.of(mounted + state.files().get(Names.serverFile(Names.member(pod)))),
                                !pods.isOutdated(server, pod, state)))
                        .toList());
    }

    /** Why pods are being replaced now, when they are. */
    Optional<String> replacement(PptpServer server) {
        var name = new ObjectKey(server.getMetadata().getNamespace(), Names.base(server));
        boolean wanted = server.getSpec().updatePolicy().at(clock.instant()) == UpdatePolicy.Type.RollingUpdate;
        return Replacement.of(caches.made(StatefulSet.class).get(name), wanted)
                .or(() -> Replacement.ofPerNode(caches.made(DaemonSet.class).get(name), wanted));
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

    /** Whether addresses are on their way from one pod to another, or a member or a user's own address is waited for. */
    boolean isDividing(PptpServer server, ServerState state) {
        return !state.division().isSettled(state.pools()) || state.rendered().addressAwaited()
                || !Lending.members(pods.placed(server)).containsAll(state.division().lenders());
    }

    private String applyAdminTls(PptpServer server, ServerObjects objects) {
        OperatorPki authority = pki.current();
        Map<String, String> files = caches.secrets()
                .get(new ObjectKey(server.getMetadata().getNamespace(), Names.adminTls(server)))
                .map(SecretTexts::of)
                .orElse(Map.of());
        var current = new Identity(files.getOrDefault("tls.crt", ""), files.getOrDefault("tls.key", ""));
        Identity identity = authority.server(current, Names.adminHost(server), clock.instant(), random);
        writer.apply(objects.adminTls(identity.certificate(), identity.key(), authority.trusted()));
        return identity.certificate() + authority.trusted();
    }

    /**
     * Ends the pods of a server that is being deleted and that somebody's finalizer holds, as the garbage collector would
     * without one; it removes the rest.
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
    public void forget(PptpServer server) {
        writer.forget(server.getMetadata().getNamespace(), Names.base(server));
        kubelets.forget(ObjectKey.of(server));
        configurations.forget(ObjectKey.of(server));
    }
}
