package io.pptpoperator.operator.lending;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.lending.PoolDivision.Observation;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Pods that read their files late, die, come back, fall silent and lend addresses meanwhile, and an operator that is
 * replaced: in any order, no two pods ever lend the same address.
 */
class PoolLendingTest {

    private static final int STEPS = 300;
    /** The operator hears so late of a pod, and a pod may read what a Secret held so long before. */
    private static final Duration UNHEARD_OF = Duration.ofSeconds(2);
    private static final Duration OLD = Absences.STALE.minus(UNHEARD_OF).minusSeconds(1);

    @Property(tries = 1000)
    void noTwoPodsEverLendTheSameAddress(@ForAll long seed) {
        var world = new World(new Random(seed));
        for (int step = 0; step < STEPS; step++) {
            world.step();
            world.assertNobodyLendsWhatAnotherDoes();
        }
        world.calmDown();
        assertThat(world.secret().isSettled(world.pools)).as("%s of %s", world.secret(), world.pools).isTrue();
        assertThat(world.secret().members().values().stream().mapToLong(part -> part.share().size()).sum())
                .isEqualTo(world.pools.size());
    }

    /** What a pod told, and when it was asked. */
    private record Report(int pod, long edition, Set<Ipv4Address> sessions) {}

    /** A pod: the version of the Secret that it has read, and the addresses of its sessions. */
    private static final class Pod {
        private final int uid;
        private final Set<Ipv4Address> sessions = new HashSet<>();
        private Optional<PoolDivision.Part> runsWith = Optional.empty();
        private final Instant started;
        private int version;

        Pod(int uid, int version, Instant started) {
            this.uid = uid;
            this.version = version;
            this.started = started;
        }
    }

    private static final class World {
        private final Random random;
        private final List<PoolDivision> secrets = new ArrayList<>(List.of(PoolDivision.NONE));
        private final List<Instant> writtenAt = new ArrayList<>(List.of(Instant.EPOCH));
        private final Map<String, Pod> pods = new TreeMap<>();
        /** No pod reads an older version than its predecessor did. */
        private final Map<String, Integer> readBefore = new HashMap<>();
        private final Map<String, Report> reports = new HashMap<>();
        private Absences absences = Absences.NONE;
        private PoolDivision known = PoolDivision.NONE;
        private AddressPool pools = AddressPool.parse("10.8.0.1-12");
        private TreeSet<String> wanted = new TreeSet<>(Set.of("pod-0"));
        private Instant now = Instant.EPOCH;
        private int uids;

        World(Random random) {
            this.random = random;
        }

        PoolDivision secret() {
            return secrets.getLast();
        }

        void step() {
            now = now.plusSeconds(random.nextInt(4));
            switch (random.nextInt(16)) {
                case 0 -> scale();
                case 1 ->
                    pools = AddressPool.parse("10.8.0." + (1 + random.nextInt(8)) + "-" + (8 + random.nextInt(8)));
                case 2 -> restartOperator();
                case 3 -> anyPod().ifPresent(this::remove);
                case 4, 5 -> anyWanted().ifPresent(this::start);
                case 6 -> anyPod().ifPresent(reports::remove);
                case 7, 8 -> anyPod().ifPresent(this::report);
                case 9 -> anyPod().ifPresent(this::hangUp);
                case 10, 11 -> anyPod().ifPresent(this::dialIn);
                case 12, 13 -> anyPod().ifPresent(name -> read(name, 1 + random.nextInt(3)));
                default -> reconcile();
            }
        }

        private void scale() {
            wanted = new TreeSet<>();
            int count = 1 + random.nextInt(4);
            // Ordinals, or nodes: any set of names.
            while (wanted.size() < count) {
                wanted.add("pod-" + random.nextInt(6));
            }
        }

        private void restartOperator() {
            known = PoolDivision.parse(secret().toText());
            assertThat(known).isEqualTo(secret());
            reports.clear();
            absences = Absences.NONE;
        }

        private Optional<String> anyPod() {
            return any(pods.keySet());
        }

        private Optional<String> anyWanted() {
            return any(wanted);
        }

        private Optional<String> any(Set<String> names) {
            return names.stream().skip(names.isEmpty() ? 0 : random.nextInt(names.size())).findFirst();
        }

        private void remove(String name) {
            readBefore.put(name, pods.remove(name).version);
            reports.remove(name);
        }

        /** A pod starts with a Secret that may be nearly as old as a Secret can be. */
        private void start(String name) {
            if (pods.containsKey(name)) {
                return;
            }
            int oldest = secrets.size() - 1;
            while (oldest > 0 && writtenAt.get(oldest).isAfter(now.minus(OLD))) {
                oldest--;
            }
            oldest = Math.max(oldest, readBefore.getOrDefault(name, 0));
            pods.put(name, new Pod(uids++, oldest, now));
            read(name, random.nextBoolean() ? 0 : random.nextInt(secrets.size() - oldest));
        }

        private void read(String name, int versionsFurther) {
            Pod pod = pods.get(name);
            pod.version = Math.min(pod.version + versionsFurther, secrets.size() - 1);
            PoolDivision.Part part = secrets.get(pod.version).members().get(name);
            if (part != null && !part.share().isEmpty()) {
                pod.runsWith = Optional.of(part);
            }
        }

        private void report(String name) {
            Pod pod = pods.get(name);
            pod.runsWith.ifPresent(
                    part -> reports.put(name, new Report(pod.uid, part.edition(), Set.copyOf(pod.sessions))));
        }

        private void dialIn(String name) {
            Pod pod = pods.get(name);
            pod.runsWith.ifPresent(part -> pod.sessions.add(part.share().at(random.nextLong(part.share().size()))));
        }

        private void hangUp(String name) {
            Set<Ipv4Address> sessions = pods.get(name).sessions;
            sessions.stream()
                    .skip(sessions.isEmpty() ? 0 : random.nextInt(sessions.size()))
                    .findFirst()
                    .ifPresent(sessions::remove);
        }

        private void reconcile() {
            Set<String> running = pods.keySet()
                    .stream()
                    .filter(name -> !pods.get(name).started.isAfter(now.minus(UNHEARD_OF)))
                    .collect(Collectors.toSet());
            absences = absences.next(known, running, now);
            var confirmed = new HashSet<String>();
            var inUse = new HashMap<String, Set<Ipv4Address>>();
            reports.forEach((name, report) -> {
                if (!running.contains(name)) {
                    return;
                }
                inUse.put(name, report.sessions);
                PoolDivision.Part part = known.members().get(name);
                if (part != null && !part.share().isEmpty() && report.edition == part.edition()
                        && report.pod == pods.get(name).uid) {
                    confirmed.add(name);
                }
            });
            PoolDivision next = known.next(pools, wanted,
                    new Observation(running, confirmed, absences.gone(now), inUse));
            assertThat(next.served(List.copyOf(wanted), pods.keySet())).as("pods that may be there")
                    .isGreaterThanOrEqualTo((int) pods.keySet().stream().filter(wanted::contains).count());
            if (!next.equals(known)) {
                known = next;
                secrets.add(next);
                writtenAt.add(now);
            }
        }

        void assertNobodyLendsWhatAnotherDoes() {
            AddressPool taken = AddressPool.EMPTY;
            for (Map.Entry<String, Pod> pod : pods.entrySet()) {
                AddressPool lends = pod.getValue().runsWith.map(PoolDivision.Part::share)
                        .orElse(AddressPool.EMPTY)
                        .plus(AddressPool.of(pod.getValue().sessions.stream()
                                .map(address -> new AddressRange(address, address))
                                .toList()));
                assertThat(lends.overlaps(taken))
                        .as("%s lends %s, others %s, by %s", pod.getKey(), lends, taken, secret())
                        .isFalse();
                taken = taken.plus(lends);
            }
        }

        /** Nothing goes wrong any more, and everybody hangs up. */
        void calmDown() {
            pools = AddressPool.parse("10.8.0.1-20");
            List.copyOf(pods.keySet()).stream().filter(name -> !wanted.contains(name)).forEach(this::remove);
            for (int round = 0; round < 8; round++) {
                wanted.forEach(this::start);
                pods.forEach((name, pod) -> {
                    pod.sessions.clear();
                    read(name, secrets.size());
                    report(name);
                });
                now = now.plus(Absences.STALE);
                reconcile();
                assertNobodyLendsWhatAnotherDoes();
            }
        }
    }
}
