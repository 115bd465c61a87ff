package io.pptpoperator.operator.reconciler.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.roster.UserVerdict.Reason;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandoverTest {

    private static final ObjectKey OLD = new ObjectKey("vpn", "old");
    private static final ObjectKey NEW = new ObjectKey("branch", "new");

    @Test
    void aNameThatPassesToAnotherStaysOutUntilThePodsHaveDroppedIt() {
        Set<String> first = Handover.pending(Map.of("alice", OLD), Set.of(), true, roster(NEW));
        assertThat(first).containsExactly("alice");
        assertThat(Handover.without(first, roster(NEW)).accepted()).isEmpty();
        assertThat(Handover.without(first, roster(NEW)).rejected().get(NEW).reason())
                .isEqualTo(Reason.DuplicateUsername);

        assertThat(Handover.pending(Map.of(), first, false, roster(NEW))).containsExactly("alice");
        assertThat(Handover.pending(Map.of(), first, true, roster(NEW))).isEmpty();
    }

    @Test
    void whoKeepsANameOrTakesOneThatNobodyHadWaitsForNothing() {
        assertThat(Handover.pending(Map.of("alice", OLD), Set.of(), false, roster(OLD))).isEmpty();
        assertThat(Handover.pending(Map.of(), Set.of(), false, roster(NEW))).isEmpty();
        assertThat(Handover.without(Set.of(), roster(NEW)).accepted()).hasSize(1);
    }

    private static Roster roster(ObjectKey holder) {
        var generations = new LinkedHashMap<ObjectKey, Long>();
        generations.put(holder, 1L);
        return new Roster(
                Map.of(holder,
                        new UserVerdict.Accepted(UserConfig.withDefaults("alice", new Credentials.Password("secret")))),
                generations, 0);
    }
}
