package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.render.Absences;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.render.PoolDivision;
import io.pptpoperator.operator.render.PoolDivision.Observation;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.session.LiveSession;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.operator.session.SessionTable;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Divides every server's pools among its pods: brings together what a configuration Secret says already, what pods
 * tell, and how long there have been none.
 */
final class Divisions {

    /** So long a node without a pod keeps its share: rollouts and evictions are over much sooner. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KubernetesClient client;
    private final Caches caches;
    private final SessionTable sessions;
    private final Clock clock;
    /** What the Secrets hold; a server whose Secret is being written, or may have been, has to be read anew. */
    private final Map<ObjectKey, Written> written = new ConcurrentHashMap<>();
    private final Map<ObjectKey, Absences> absences = new ConcurrentHashMap<>();
    /** Servers with users whose own addresses are not free yet. */
    private final Set<ObjectKey> awaiting = ConcurrentHashMap.newKeySet();

    /**
     * What a configuration Secret holds.
     *
     * @param division how the pools are divided
     * @param digests SHA-256 of every file, by its name
     */
    record Written(PoolDivision division, Map<String, String> digests) {

        static Written of(ConfigurationFiles files) {
            return new Written(PoolDivision.parse(files.files().getOrDefault(ConfigurationFiles.POOLS, "")),
                    files.digests());
        }
    }

    Divisions(KubernetesClient client, Caches caches, SessionTable sessions, Clock clock) {
        this.client = client;
        this.caches = caches;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** What the configuration Secret of a server holds. */
    Written written(PptpServer server) {
        return written.computeIfAbsent(ObjectKey.of(server), key -> Written.of(read(server)));
    }

    /** The files of a server's configuration Secret; none when there is no Secret. */
    ConfigurationFiles read(PptpServer server) {
        // Not from a cache, which may be older than what another process of the operator wrote last.
        Secret secret = client.secrets()
                .inNamespace(server.getMetadata().getNamespace())
                .withName(Names.configuration(server))
                .get();
        return new ConfigurationFiles(new TreeMap<>(secret == null ? Map.of() : PkiStore.decode(secret)));
    }

    /** A configuration Secret is about to be written; until {@link #wrote}, nobody knows what it holds. */
    void writing(PptpServer server) {
        written.remove(ObjectKey.of(server));
    }

    /** A configuration Secret holds these files for certain. */
    void wrote(PptpServer server, ConfigurationFiles files) {
        written.put(ObjectKey.of(server), Written.of(files));
    }

    /** Forgets a server that is gone. */
    void forget(ObjectKey server) {
        written.remove(server);
        absences.remove(server);
        awaiting.remove(server);
    }

    /** The members that shall have a share. */
    SortedSet<String> wanted(PptpServer server, List<Pod> pods) {
        if (server.getSpec().workload() == Workload.StatefulSet) {
            return new TreeSet<>(Names.replicas(server, server.getSpec().replicas()));
        }
        var nodes = new TreeSet<String>();
        pods.stream().filter(Names::isPerNode).map(Names::member).forEach(nodes::add);
        PoolDivision division = written(server).division();
        Set<String> given = absent(server, pods).longerThan(PATIENCE, clock.instant());
        division.members()
                .keySet()
                .stream()
                .filter(name -> !division.shareOf(name).isEmpty())
                .filter(name -> !given.contains(name) && !Names.isReplica(server, name) && isNode(name))
                .forEach(nodes::add);
        return nodes;
    }

    /** Whether there is such a node, as far as the operator may know. */
    private boolean isNode(String name) {
        return caches.nodes().filter(nodes -> nodes.get(new ObjectKey(null, name)).isEmpty()).isEmpty();
    }

    /**
     * The division that a server's next configuration shall have.
     *
     * @param wanted the members that shall have a share
     * @param users may have addresses of their own
     */
    PoolDivision next(PptpServer server, AddressPool pools, SortedSet<String> wanted, List<Pod> pods,
            List<UserConfig> users) {
        return written(server).division().next(pools, wanted, observe(server, pods, users));
    }

    private Observation observe(PptpServer server, List<Pod> pods, List<UserConfig> users) {
        Map<String, Ipv4Address> own = ownAddresses(users);
        // One snapshot for both, so that a file is confirmed together with the sessions that there were then.
        Map<String, PodReport> reports = sessions.reports(ObjectKey.of(server));
        var inUse = new HashMap<String, List<Ipv4Address>>();
        reports.values()
                .forEach(report -> inUse.computeIfAbsent(report.member(), it -> new ArrayList<>())
                        .addAll(report.sessions()
                                .stream()
                                .filter(it -> !isOwn(it, own))
                                .map(Divisions::address)
                                .toList()));
        Set<String> running = members(pods);
        var confirmed = new HashSet<>(running);
        for (Pod pod : pods) {
            Optional<String> file = Optional
                    .ofNullable(written(server).digests().get(Names.serverFile(Names.member(pod))));
            Optional<PodReport> report = Optional.ofNullable(reports.get(pod.getMetadata().getName()))
                    .filter(it -> it.uid().equals(pod.getMetadata().getUid()));
            if (file.isEmpty() || !report.flatMap(PodReport::serverDigest).equals(file)) {
                confirmed.remove(Names.member(pod));
            }
        }
        return new Observation(running, confirmed, absent(server, pods).gone(clock.instant()), inUse);
    }

    /**
     * The users as the pods shall know them: whose own address somebody else still has, at whichever pod, gets another
     * one until then. A single pod sees to that by itself.
     *
     * @param wanted the members that shall have a share
     */
    List<UserConfig> withFreeAddresses(PptpServer server, List<UserConfig> users, SortedSet<String> wanted,
            List<Pod> pods) {
        ObjectKey key = ObjectKey.of(server);
        awaiting.remove(key);
        if (wanted.size() < 2 && pods.size() < 2) {
            return users;
        }
        Map<String, Ipv4Address> own = ownAddresses(users);
        Set<Ipv4Address> others = sessions.reports(key)
                .values()
                .stream()
                .flatMap(report -> report.sessions().stream())
                .filter(it -> !isOwn(it, own))
                .map(Divisions::address)
                .collect(Collectors.toSet());
        if (own.values().stream().noneMatch(others::contains)) {
            return users;
        }
        awaiting.add(key);
        return users.stream()
                .map(user -> user.address().filter(others::contains).isPresent()
                        ? new UserConfig(user.username(), user.credentials(), user.enabled(), user.validUntil(),
                                Optional.empty(), user.allowedSources(), user.routes(), user.sessions())
                        : user)
                .toList();
    }

    /** Whether a user waits for an address that somebody else still has. */
    boolean isAddressAwaited(PptpServer server) {
        return awaiting.contains(ObjectKey.of(server));
    }

    private static Map<String, Ipv4Address> ownAddresses(List<UserConfig> users) {
        return users.stream()
                .filter(user -> user.address().isPresent())
                .collect(Collectors.toMap(UserConfig::username, user -> user.address().orElseThrow()));
    }

    private static boolean isOwn(LiveSession session, Map<String, Ipv4Address> own) {
        return address(session).equals(own.get(session.username()));
    }

    private static Ipv4Address address(LiveSession session) {
        return Ipv4Address.parse(session.address());
    }

    private Absences absent(PptpServer server, List<Pod> pods) {
        Instant now = clock.instant();
        return absences.compute(ObjectKey.of(server), (key, before) -> (before == null ? Absences.NONE : before)
                .next(written(server).division(), members(pods), now));
    }

    /** The members that have pods. */
    static Set<String> members(List<Pod> pods) {
        return pods.stream().map(Names::member).collect(Collectors.toSet());
    }
}
