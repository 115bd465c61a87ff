package io.pptpoperator.operator.lending;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.lending.PoolDivision.Observation;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
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
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How a server's pools are divided among its pods next: from what the configuration Secret says already, what pods tell,
 * and how long there have been none.
 */
public final class Lending {

    /** So long a node without a pod keeps its share: rollouts and evictions are over much sooner. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Facts facts;
    private final Absences absences;

    /**
     * What is known, all of one moment: a file is confirmed together with the sessions that there were then.
     *
     * @param server as it shall be
     * @param record what the configuration Secret says
     * @param pods the server's pods whose part of the configuration is known
     * @param reports what pods told last, by the pod's name
     * @param absences the members that were without a pod when somebody last looked
     * @param isNode whether there is a node of a name, as far as the operator may know
     * @param now when all that was so
     */
    public record Facts(PptpServer server, LendingRecord record, List<Pod> pods, Map<String, PodReport> reports,
            Absences absences, Predicate<String> isNode, Instant now) {

        /** Copies the collections. */
        public Facts {
            pods = List.copyOf(pods);
            reports = Map.copyOf(reports);
        }
    }

    /** Looks at what is known. */
    public Lending(Facts facts) {
        this.facts = facts;
        absences = facts.absences.next(facts.record.division(), members(facts.pods), facts.now);
    }

    /** The members that have pods. */
    public static Set<String> members(List<Pod> pods) {
        return pods.stream().map(Names::member).collect(Collectors.toSet());
    }

    /** The members that are without a pod now, to be remembered until somebody looks again. */
    public Absences absences() {
        return absences;
    }

    /** The members that shall have a share. */
    public SortedSet<String> wanted() {
        PptpServer server = facts.server;
        if (server.getSpec().workload() == Workload.StatefulSet) {
            return new TreeSet<>(Names.replicas(server, server.getSpec().replicas()));
        }
        var nodes = new TreeSet<String>();
        facts.pods.stream().filter(Names::isPerNode).map(Names::member).forEach(nodes::add);
        PoolDivision division = facts.record.division();
        Set<String> given = absences.longerThan(PATIENCE, facts.now);
        division.members()
                .keySet()
                .stream()
                .filter(name -> !division.shareOf(name).isEmpty())
                .filter(name -> !given.contains(name) && !Names.isReplica(server, name) && facts.isNode.test(name))
                .forEach(nodes::add);
        return nodes;
    }

    /**
     * The division that the server's next configuration shall have.
     *
     * @param users may have addresses of their own
     */
    public PoolDivision next(AddressPool pools, List<UserConfig> users) {
        return facts.record.division().next(pools, wanted(), observe(users));
    }

    private Observation observe(List<UserConfig> users) {
        Map<String, Ipv4Address> own = ownAddresses(users);
        var inUse = new HashMap<String, List<Ipv4Address>>();
        facts.reports.values()
                .forEach(report -> inUse.computeIfAbsent(report.member(), it -> new ArrayList<>())
                        .addAll(report.sessions()
                                .stream()
                                .filter(it -> !isOwn(it, own))
                                .map(SessionView::address)
                                .toList()));
        Set<String> running = members(facts.pods);
        var confirmed = new HashSet<>(running);
        facts.pods.stream().filter(pod -> !hasConfirmed(pod)).map(Names::member).forEach(confirmed::remove);
        return new Observation(running, confirmed, absences.gone(facts.now), inUse);
    }

    private boolean hasConfirmed(Pod pod) {
        Optional<String> file = Optional.ofNullable(facts.record.digests().get(Names.serverFile(Names.member(pod))));
        Optional<PodReport> report = Optional.ofNullable(facts.reports.get(pod.getMetadata().getName()))
                .filter(it -> it.uid().equals(pod.getMetadata().getUid()));
        return file.isPresent() && report.flatMap(PodReport::serverDigest).equals(file);
    }

    /**
     * Users as the pods shall know them.
     *
     * @param users some without the address of their own
     * @param awaited whether one of them waits for its own
     */
    public record Addressed(List<UserConfig> users, boolean awaited) {}

    /**
     * The users as the pods shall know them: whose own address somebody else still has, at whichever pod, gets another
     * one until then. A single pod sees to that by itself.
     */
    public Addressed addressed(List<UserConfig> users) {
        Set<Ipv4Address> others = othersAddresses(users);
        if (users.stream().noneMatch(user -> awaits(user, others))) {
            return new Addressed(users, false);
        }
        return new Addressed(users.stream().map(user -> awaits(user, others) ? user.withoutAddress() : user).toList(),
                true);
    }

    private static boolean awaits(UserConfig user, Set<Ipv4Address> others) {
        return user.address().filter(others::contains).isPresent();
    }

    private Set<Ipv4Address> othersAddresses(List<UserConfig> users) {
        if (wanted().size() < 2 && facts.pods.size() < 2) {
            return Set.of();
        }
        Map<String, Ipv4Address> own = ownAddresses(users);
        return facts.reports.values()
                .stream()
                .flatMap(report -> report.sessions().stream())
                .filter(it -> !isOwn(it, own))
                .map(SessionView::address)
                .collect(Collectors.toSet());
    }

    private static Map<String, Ipv4Address> ownAddresses(List<UserConfig> users) {
        return users.stream()
                .filter(user -> user.address().isPresent())
                .collect(Collectors.toMap(UserConfig::username, user -> user.address().orElseThrow()));
    }

    private static boolean isOwn(SessionView session, Map<String, Ipv4Address> own) {
        return session.address().equals(own.get(session.user()));
    }
}
