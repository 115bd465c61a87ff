package io.pptpoperator.kubectl.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.pptpoperator.kubectl.installation.OperatorLease.State;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorLeaseTest {

    private static final Instant RENEWED = Instant.parse("2026-06-01T12:00:00Z");
    private static final OperatorNamespace SURE = new OperatorNamespace("pptp-system", true);
    private static final String HOLDER = "pptp-operator-7d5c_0a1b2c3d";

    private static Lease lease(String holder) {
        return new LeaseBuilder().withNewMetadata()
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(15)
                .withRenewTime(RENEWED.atZone(ZoneOffset.UTC))
                .endSpec()
                .build();
    }

    @Test
    void whoRenewsItIsAtWork() {
        OperatorLease held = OperatorLease.of(SURE, lease(HOLDER), true, List.of("pptp-operator-7d5c"));

        assertThat(held.state()).isEqualTo(State.HELD);
        assertThat(held.isAbandoned()).isFalse();
        assertThat(held.sentence()).isEqualTo("an operator is running (" + HOLDER + ")");
    }

    @Test
    void oneThatNobodyRenewsSaysSinceWhenNothingTakesEffect() {
        OperatorLease runOut = OperatorLease.of(SURE, lease(HOLDER), false, List.of());

        assertThat(runOut.isAbandoned()).isTrue();
        assertThat(runOut.sentence()).isEqualTo("no operator is running since 2026-06-01T12:00:00Z (" + HOLDER
                + " was the last); nothing you change takes effect");
        assertThat(runOut.remedies()).isNotEmpty();
    }

    @Test
    void oneThatWasGivenBackIsAbandonedFromThenOn() {
        OperatorLease givenBack = OperatorLease.of(SURE, lease(""), true, List.of());

        assertThat(givenBack.sentence()).isEqualTo("no operator is running since 2026-06-01T12:00:00Z, when the last"
                + " one ended; nothing you change takes effect");
        assertThat(givenBack.isAbandoned()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"another-program,pptp-operator-7d5c", "another-program,", "other-7d5c_0a1b2c3d,pptp-operator-7d5c"})
    void aStrangerThatHoldsItKeepsOperatorsFromWorking(String holder, String pod) {
        OperatorLease stranger = OperatorLease.of(SURE, lease(holder), true, pod == null ? List.of() : List.of(pod));

        assertThat(stranger.state()).isEqualTo(State.HELD_BY_STRANGER);
        assertThat(stranger.isAbandoned()).isTrue();
        assertThat(stranger.sentence()).startsWith(holder + " holds it, and is no pod of the operator");
    }

    @Test
    void withoutOneItDependsOnHowSureTheNamespaceIs() {
        assertThat(OperatorLease.missing(SURE, List.of()).isAbandoned()).isTrue();
        assertThat(OperatorLease.missing(new OperatorNamespace("pptp-system", false), List.of()).isAbandoned())
                .isFalse();
        assertThat(OperatorLease.missing(SURE, List.of("pptp-operator-7d5c")).state()).isEqualTo(State.NOT_TAKEN);
        assertThat(OperatorLease.missing(SURE, List.of()).sentence())
                .contains("no operator is running: there is neither its Lease nor a pod of it");
    }

    @Test
    void aClockThatIsWrongDoesNotMakeALeaseFresh() {
        assertThat(LeaseLook.isFresh(lease(HOLDER), RENEWED.plusSeconds(14))).isTrue();
        assertThat(LeaseLook.isFresh(lease(HOLDER), RENEWED.plusSeconds(15))).isFalse();
        assertThat(LeaseLook.isFresh(lease(HOLDER), RENEWED.minusSeconds(60))).isFalse();
    }
}
