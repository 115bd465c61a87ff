package io.pptpoperator.protocol.gre;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GreStateTest {

    private final GreState state = new GreState();

    @Test
    void countsFromZero() {
        assertThat(state.takeSequence(0)).isZero();
        assertThat(state.takeSequence(0)).isEqualTo(1);
        assertThat(state.nextSequence()).isEqualTo(2);
    }

    @Test
    void owesNothingBeforeAPacketCame() {
        assertThat(state.owesAck()).isFalse();
        assertThat(state.ackDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anAcknowledgmentLeavesAloneOneHundredMillisecondsAfterTheFirstPacketItCovers() {
        state.oweAck(5, 1000);
        state.oweAck(6, 1090);
        assertThat(state.owesAck()).isTrue();
        assertThat(state.ackDeadline()).isEqualTo(1100);
        assertThat(state.takeAck()).isEqualTo(6);
        assertThat(state.owesAck()).isFalse();
        assertThat(state.ackDeadline()).isEqualTo(Long.MAX_VALUE);
        state.oweAck(7, 2000);
        assertThat(state.ackDeadline()).isEqualTo(2100);
    }

    @Test
    void measuresTheRoundTripOfOnePacketAtATime() {
        assertThat(state.roundTrip()).isEqualTo(-1);
        state.takeSequence(1000);
        state.takeSequence(1001);
        state.onAck(1, 1040);
        assertThat(state.roundTrip()).isEqualTo(40);
        state.onAck(1, 9000);
        assertThat(state.roundTrip()).isEqualTo(40);
        state.takeSequence(2000);
        state.onAck(1, 2010);
        assertThat(state.roundTrip()).isEqualTo(40);
        state.onAck(2, 2120);
        assertThat(state.roundTrip()).isEqualTo(50);
        assertThat(state.acksReceived()).isEqualTo(4);
    }

    @Test
    void anAcknowledgmentOfWhatNeverLeftMeasuresNothing() {
        state.takeSequence(1000);
        state.onAck(1, 1001);
        state.onAck(-1, 1001);
        assertThat(state.roundTrip()).isEqualTo(-1);
        assertThat(state.acksReceived()).isEqualTo(2);
    }
}
