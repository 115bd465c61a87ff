package io.pptpoperator.operator.lending;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.SessionViews;
import io.pptpoperator.operator.session.PodReport;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LendingTest {

    private static final AddressPool POOLS = AddressPool.parse("10.8.0.2-101");
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final PptpServer TWO = Manifests.server("office",
            "localIP: 10.8.0.1, pools: [10.8.0.2-101], replicas: 2");
    private static final PptpServer PER_NODE = Manifests.server("office",
            "localIP: 10.8.0.1, pools: [10.8.0.2-101], workload: DaemonSet");
    private static final LendingRecord NOTHING = new LendingRecord(PoolDivision.NONE, Map.of());

    @Test
    void aNodeKeepsItsShareForFiveMinutesWithoutAPod() {
        List<Pod> both = List.of(onNode("a"), onNode("b"));
        var first = lending(PER_NODE, NOTHING, both, Map.of(), Absences.NONE, NOON);
        var record = new LendingRecord(first.next(POOLS, List.of()), Map.of());

        var missed = lending(PER_NODE, record, both.subList(0, 1), Map.of(), first.absences(), NOON.plusSeconds(5));
        assertThat(missed.wanted()).containsExactly("a", "b");
        var late = lending(PER_NODE, record, both.subList(0, 1), Map.of(), missed.absences(),
                NOON.plusSeconds(5).plus(Duration.ofMinutes(5)));
        assertThat(late.wanted()).containsExactly("a");
    }

    @Test
    void aUsersOwnAddressWaitsWhileAnotherHasItAtWhicheverPod() {
        UserConfig alice = new UserConfig("alice", new Credentials.Password("secret"), true, Optional.empty(),
                Optional.of(Ipv4Address.parse("10.8.0.7")), List.of(), List.of(), OptionalInt.empty(), Optional.empty(),
                Optional.empty(), false);
        SessionView bobs = SessionViews.of("1", "bob", "10.8.0.7", "203.0.113.9", NOON);
        SessionView own = SessionViews.of("2", "alice", "10.8.0.7", "203.0.113.9", NOON);

        var taken = lending(TWO, NOTHING, List.of(), reports(bobs), Absences.NONE, NOON);
        assertThat(taken.addressed(List.of(alice)).awaited()).isTrue();
        assertThat(taken.addressed(List.of(alice)).users()).containsExactly(alice.withoutAddress());

        var free = lending(TWO, NOTHING, List.of(), reports(own), Absences.NONE, NOON);
        assertThat(free.addressed(List.of(alice)).awaited()).isFalse();
        assertThat(free.addressed(List.of(alice)).users()).containsExactly(alice);
    }

    private static Map<String, PodReport> reports(SessionView session) {
        return Map.of("office-pptp-1", new PodReport("uid", "office-pptp-1", List.of(session), List.of(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0));
    }

    private static Lending lending(PptpServer server, LendingRecord record, List<Pod> pods,
            Map<String, PodReport> reports, Absences absences, Instant now) {
        return new Lending(new Lending.Facts(server, record, pods, reports, absences, node -> true, now));
    }

    private static Pod onNode(String node) {
        return new PodBuilder().withNewMetadata()
                .withName("office-pptp-" + node)
                .withUid("uid-" + node)
                .addNewOwnerReference()
                .withKind("DaemonSet")
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .endSpec()
                .build();
    }
}
