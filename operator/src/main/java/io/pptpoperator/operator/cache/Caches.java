package io.pptpoperator.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec.SecretSource;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Watched.Source;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.SecretMark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything the operator knows of the cluster: a watch per kind (and namespace), filled before anything is
 * reconciled, so that nobody is ever left out of a configuration because the operator had not heard of it yet.
 */
public final class Caches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Caches.class);
    private static final long SYNC_SECONDS = 120;

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final Watched<PptpServer> servers;
    private final Watched<VpnUser> users;
    private final Watched<VpnProfile> profiles;
    private final Watched<Secret> secrets;
    private final Watched<Pod> pods;
    private final Map<Class<? extends HasMetadata>, Watched<? extends HasMetadata>> made = new LinkedHashMap<>();
    private final Optional<Watched<Node>> nodes;
    private final Optional<Watched<Namespace>> labels;
    private final WatchHealth health = new WatchHealth();

    /**
     * Prepares the watches; {@link #start} starts them.
     *
     * @param namespaces the namespaces to look at; none: all
     */
    public Caches(KubernetesClient client, Set<String> namespaces) {
        this.client = client;
        this.namespaces = namespaces;
        servers = watch(PptpServer.class, client.resources(PptpServer.class), it -> it, server -> List.of());
        users = watch(VpnUser.class, client.resources(VpnUser.class), it -> it, Caches::secretsOf);
        profiles = watch(VpnProfile.class, client.resources(VpnProfile.class), it -> it, profile -> List.of());
        secrets = watchSecrets();
        pods = watch(Pod.class, client.pods(), Caches::madeByOperator, Caches::serverOf);
        watchMade(StatefulSet.class);
        watchMade(DaemonSet.class);
        watchMade(Service.class);
        watchMade(ServiceAccount.class);
        watchMade(NetworkPolicy.class);
        watchMade(PodDisruptionBudget.class);
        nodes = maySeeNodes()
                ? Optional.of(new Watched<>(Node.class, List.of(new Source<>("", client.nodes())), node -> List.of()))
                : Optional.empty();
        labels = namespaceSources().map(sources -> new Watched<>(Namespace.class, sources, namespace -> List.of()));
    }

    private <T extends HasMetadata> void watchMade(Class<T> kind) {
        made.put(kind, watch(kind, client.resources(kind), Caches::madeByOperator, Caches::serverOf));
    }

    private <T extends HasMetadata> Watched<T> watch(Class<T> kind, MixedOperation<T, ?, ?> all,
            Function<FilterWatchListDeletable<T, ?, ?>, FilterWatchListDeletable<T, ?, ?>> filter,
            Function<T, List<String>> index) {
        return new Watched<>(kind, sources(all, filter), index);
    }

    private <T extends HasMetadata> List<Source<T>> sources(MixedOperation<T, ?, ?> all,
            Function<FilterWatchListDeletable<T, ?, ?>, FilterWatchListDeletable<T, ?, ?>> filter) {
        return namespaces.isEmpty()
                ? List.of(new Source<>("", filter.apply(all.inAnyNamespace())))
                : namespaces.stream()
                        .map(namespace -> new Source<>(namespace, filter.apply(all.inNamespace(namespace))))
                        .toList();
    }

    private static <T extends HasMetadata> FilterWatchListDeletable<T, ?, ?> madeByOperator(
            FilterWatchListDeletable<T, ?, ?> all) {
        return (FilterWatchListDeletable<T, ?, ?>) all.withLabel(Labels.MANAGED_BY, Labels.OPERATOR);
    }

    /** Secrets that are marked, and those that the operator made: others are none of its business. */
    private Watched<Secret> watchSecrets() {
        List<Source<Secret>> sources = new ArrayList<>();
        sources.addAll(sources(client.secrets(), all -> labelled(all.withLabel(PasswordMark.LABEL, PasswordMark.VALUE)
                .withoutLabel(Labels.MANAGED_BY, Labels.OPERATOR))));
        sources.addAll(sources(client.secrets(),
                all -> labelled(labelled(all.withLabel(SecretMark.RADIUS.label(), SecretMark.VALUE)
                        .withoutLabel(PasswordMark.LABEL, PasswordMark.VALUE))
                        .withoutLabel(Labels.MANAGED_BY, Labels.OPERATOR))));
        // Whatever else their labels are: one that the operator marks never passes from one watch to another, between
        // which it would be nowhere for a moment.
        sources.addAll(sources(client.secrets(), Caches::madeByOperator));
        return new Watched<>(Secret.class, sources, secret -> List.of());
    }

    @SuppressWarnings("unchecked") // what filters by label returns itself
    private static FilterWatchListDeletable<Secret, ?, ?> labelled(Object filtered) {
        return (FilterWatchListDeletable<Secret, ?, ?>) filtered;
    }

    /**
     * What to watch to know the labels of namespaces; nothing where they do not matter, or the operator may not see
     * them: then only users that name a server of another namespace agree to be served from there.
     */
    private Optional<List<Source<Namespace>>> namespaceSources() {
        if (namespaces.size() == 1) {
            return Optional.empty();
        }
        try {
            List<Source<Namespace>> sources = new ArrayList<>();
            if (namespaces.isEmpty()) {
                sources.add(new Source<>("", client.namespaces()));
                client.namespaces().list(new ListOptionsBuilder().withLimit(1L).build());
            }
            for (String namespace : namespaces) {
                var one = client.namespaces().withField("metadata.name", namespace);
                one.list();
                sources.add(new Source<>(namespace, one));
            }
            return Optional.of(sources);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403) {
                throw e;
            }
            LOG.info("The operator may not see namespaces: VpnUsers are served from other namespaces only by servers"
                    + " that they name");
            return Optional.empty();
        }
    }

    private static List<String> serverOf(HasMetadata object) {
        String server = object.getMetadata().getLabels().get(Labels.SERVER);
        return server == null ? List.of() : List.of(object.getMetadata().getNamespace() + "/" + server);
    }

    private static List<String> secretsOf(VpnUser user) {
        String namespace = user.getMetadata().getNamespace();
        return Stream.of(user.getSpec().password(), user.getSpec().ntHash(), generated(user))
                .filter(it -> it != null && it.secretKeyRef() != null)
                .map(it -> namespace + "/" + it.secretKeyRef().name())
                .toList();
    }

    private static SecretSource generated(VpnUser user) {
        return GeneratedPassword.isWanted(user) ? GeneratedPassword.source(user) : null;
    }

    /** A Role cannot allow nodes, only a ClusterRole can; without it addresses are found another way. */
    private boolean maySeeNodes() {
        try {
            client.nodes().list(new ListOptionsBuilder().withLimit(1L).build());
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403) {
                throw e;
            }
            LOG.info("The operator may not see nodes: servers' addresses are their pods' hostIP, without ExternalIPs");
            return false;
        }
    }

    /**
     * Fills the caches; waits for an API server that does not answer as long as it takes.
     *
     * @throws IllegalStateException when the API server does not tell everything within two minutes; says which kinds,
     *     in
     *         which namespaces, and the object that is to blame, if one is
     */
    public void start() {
        var filled = CompletableFuture.allOf(all().map(Watched::start).toArray(CompletableFuture[]::new));
        try {
            while (!isFilled(filled)) {
                String why = all().flatMap(it -> unknown(it).stream()).collect(Collectors.joining("; "));
                if (all().anyMatch(Watched::isRefused)) {
                    throw new IllegalStateException("the API server does not tell what the operator has to know within "
                            + SYNC_SECONDS + " s: " + why);
                }
                LOG.warn("Waiting for the API server to tell what there is: {}", why);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the API server was to tell what there is", e);
        }
    }

    private static boolean isFilled(CompletableFuture<Void> filled) throws InterruptedException {
        try {
            filled.get(SYNC_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    private <T extends HasMetadata> List<String> unknown(Watched<T> watched) {
        return watched.unknown()
                .stream()
                .map(it -> it.said() + ": "
                        + it.failure()
                                .map(failure -> UnreadableObjects.in(client, watched.kind(), it.source().namespace())
                                        .stream()
                                        .findFirst()
                                        .orElseGet(() -> ApiErrors.sentence(failure)))
                                .orElse("no answer yet"))
                .toList();
    }

    private Stream<Watched<? extends HasMetadata>> all() {
        return Stream
                .of(Stream.of(servers, users, profiles, secrets, pods), made.values().stream(), nodes.stream(),
                        labels.stream())
                .flatMap(it -> it);
    }

    /** The watches that do not run, each as a sentence. */
    public List<String> notWatched() {
        return pulses().stream()
                .filter(it -> !it.running())
                .map(it -> "the watch of " + it.name() + " is not running")
                .toList();
    }

    /** The watches that only a new process can bring back, each as a sentence. */
    public List<String> dead(Instant now) {
        return health.dead(pulses(), now);
    }

    private List<WatchHealth.Pulse> pulses() {
        return all().flatMap(Watched::pulses).toList();
    }

    /** PptpServers. */
    public Watched<PptpServer> servers() {
        return servers;
    }

    /** VpnUsers; their index is the keys of the Secrets they read. */
    public Watched<VpnUser> users() {
        return users;
    }

    /** VpnProfiles. */
    public Watched<VpnProfile> profiles() {
        return profiles;
    }

    /** Secrets that are marked as ones for VpnUsers or for RADIUS, and those that the operator made. */
    public Watched<Secret> secrets() {
        return secrets;
    }

    /** The servers' pods; their index is the key of their server. */
    public Watched<Pod> pods() {
        return pods;
    }

    /** Objects of a kind that the operator made; their index is the key of their server. */
    @SuppressWarnings("unchecked") // put into the map together with their class
    public <T extends HasMetadata> Watched<T> made(Class<T> kind) {
        return (Watched<T>) made.get(kind);
    }

    /** All kinds that {@link #made} knows. */
    public Stream<Watched<? extends HasMetadata>> allMade() {
        return made.values().stream();
    }

    /** Nodes, unless the operator may not see them. */
    public Optional<Watched<Node>> nodes() {
        return nodes;
    }

    /** Namespaces, unless the operator may not see them, or looks after a single one. */
    public Optional<Watched<Namespace>> namespaces() {
        return labels;
    }

    /** The labels of a namespace, as far as the operator may see them. */
    public Optional<Map<String, String>> labelsOf(String namespace) {
        return labels.flatMap(it -> it.get(new ObjectKey(null, namespace)))
                .map(it -> Objects.requireNonNullElse(it.getMetadata().getLabels(), Map.of()));
    }

    /** An object of any kind that the operator made. */
    public Optional<? extends HasMetadata> find(HasMetadata like) {
        ObjectKey key = ObjectKey.of(like);
        return like instanceof Secret ? secrets.get(key) : made.get(like.getClass()).get(key);
    }

    @Override
    public void close() {
        all().forEach(Watched::close);
    }
}
