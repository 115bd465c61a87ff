package io.pptpoperator.operator.reconciler.writing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.reconciler.writing.KubeletNudge.Mounted;
import io.pptpoperator.operator.resource.Labels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KubeletNudgeTest {

    private static final ObjectKey OFFICE = new ObjectKey("vpn", "office");
    private static final String OLD = "0123456789abcdef-old";
    private static final String NEW = "fedcba9876543210-new";

    private final HandClock clock = new HandClock();
    private final List<String> written = new ArrayList<>();
    private final KubeletNudge kubelets = new KubeletNudge(
            (pod, value) -> written.add(pod.getMetadata().getName() + " " + value), clock);

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-06-01T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("nobody asks for that");
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static Pod pod(String name, String annotation) {
        return new PodBuilder().withNewMetadata()
                .withName(name)
                .withUid("uid-of-" + name)
                .addToAnnotations(Labels.CONFIGURATION_DIGEST, annotation)
                .endMetadata()
                .build();
    }

    private void nudge(String digest, boolean applied) {
        kubelets.nudge(OFFICE, List.of(new Mounted(pod("office-pptp-0", "0123456789abcdef"), digest, applied)));
    }

    @Test
    void aChangedFileIsNudgedOnceAndAgainUntilThePodHasIt() {
        nudge(OLD, true);
        nudge(NEW, false);
        nudge(NEW, false);
        assertThat(written).containsExactly("office-pptp-0 fedcba9876543210");

        clock.now = clock.now.plusSeconds(5);
        nudge(NEW, false);
        assertThat(written).endsWith("office-pptp-0 fedcba9876543210.1").hasSize(2);

        clock.now = clock.now.plusSeconds(3600);
        nudge(NEW, true);
        assertThat(written).hasSize(2);
    }

    @Test
    void aPodThatNeverAppliesIsNudgedEverLessOften() {
        nudge(NEW, false);
        Instant end = clock.now.plus(Duration.ofDays(1));
        while (clock.now.isBefore(end)) {
            clock.now = clock.now.plusSeconds(5);
            nudge(NEW, false);
        }

        assertThat(written).as("a day has 17,280 times five seconds").hasSizeBetween(144, 155);
    }

    @Test
    void podsThatAreGoneAreForgotten() {
        IntStream.range(0, 100)
                .forEach(i -> kubelets.nudge(OFFICE, List.of(new Mounted(pod("office-pptp-" + i, ""), NEW, false))));
        assertThat(kubelets.size()).isEqualTo(1);

        kubelets.forget(OFFICE);
        assertThat(kubelets.size()).isZero();
    }
}
