package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Follows a link's actions and insists on what must hold whatever happens. */
final class LinkWitness {
    /** From the first encryption on, whatever was configured. */
    private boolean encryptionRequired;
    private final List<LinkAction> history = new ArrayList<>();
    private final Set<LoginStep> steps = EnumSet.noneOf(LoginStep.class);

    private LinkAction.MppeReceive receiving;
    private LinkAction.MppeUp mppe;
    private LinkAction.NetworkUp network;
    private LinkAction.Terminated terminated;

    LinkWitness(boolean encryptionRequired) {
        this.encryptionRequired = encryptionRequired;
    }

    void see(List<LinkAction> actions) {
        for (LinkAction action : actions) {
            assertThat(terminated).as("nothing happens after the end").isNull();
            switch (action) {
                case LinkAction.MppeReceive ready -> receiving = ready;
                case LinkAction.MppeUp up -> {
                    assertThat(mppe).isNull();
                    assertThat(receiving.parameters()).isEqualTo(up.receive());
                    mppe = up;
                    encryptionRequired = true;
                }
                case LinkAction.MppeDown() -> {
                    assertThat(receiving).isNotNull();
                    assertThat(mppe == null || network == null).as("encryption ends after the network, never before")
                            .isTrue();
                    mppe = null;
                    receiving = null;
                }
                case LinkAction.NetworkUp up -> {
                    assertThat(network).isNull();
                    assertThat(encryptionRequired && mppe == null).as("IP in clear").isFalse();
                    network = up;
                }
                case LinkAction.NetworkDown() -> {
                    assertThat(network).isNotNull();
                    network = null;
                }
                case LinkAction.Terminated end -> {
                    assertThat(network).isNull();
                    assertThat(mppe).isNull();
                    assertThat(receiving).isNull();
                    assertThat(end.detail()).isNotBlank();
                    terminated = end;
                }
                case LinkAction.StepDone(LoginStep step) -> assertThat(steps.add(step)).isTrue();
                default -> {
                }
            }
            if (!(action instanceof LinkAction.Send)) {
                history.add(action);
            }
        }
    }

    LinkAction.MppeUp mppe() {
        return mppe;
    }

    LinkAction.NetworkUp network() {
        return network;
    }

    LinkAction.Terminated terminated() {
        return terminated;
    }

    boolean isUp() {
        return network != null;
    }

    Set<LoginStep> steps() {
        return steps;
    }

    /** All actions so far but those that send. */
    List<LinkAction> history() {
        return history;
    }
}
