package io.pptpoperator.protocol.ppp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.ppp.Automaton.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutomatonTest {

    private static final RestartPolicy POLICY = RestartPolicy.STANDARD;

    private final ScriptedNegotiation negotiation = new ScriptedNegotiation();
    private final Automaton automaton = new Automaton(negotiation, POLICY);
    private final List<LayerAction> out = new ArrayList<>();
    private long now = 1_000;

    @Test
    void opensWhenBothRequestsAreAcknowledged() {
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_ACK, request.id(), request.data());
        assertThat(automaton.state()).isEqualTo(State.ACK_RCVD);
        receive(goodRequest(9));
        assertThat(out).containsExactly(sent(ControlCode.CONFIGURE_ACK, 9, goodRequest(9).data()),
                new LayerAction.ThisLayerUp());
        assertThat(automaton.state()).isEqualTo(State.OPENED);
        assertThat(automaton.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(negotiation.peer).containsExactly(ConfigureOption.ofShort(1, 7));
    }

    @Test
    void retransmitsTheSameRequestFasterAtFirstAndGivesUpAfterTen() {
        ControlPacket request = start();
        List<Long> waits = new ArrayList<>();
        for (int i = 1; i < POLICY.maxConfigure(); i++) {
            waits.add(automaton.deadline() - now);
            now = automaton.deadline();
            tick();
            assertThat(out).containsExactly(new LayerAction.Send(request));
        }
        waits.add(automaton.deadline() - now);
        assertThat(waits).containsExactly(500L, 1000L, 2000L, 3000L, 3000L, 3000L, 3000L, 3000L, 3000L, 3000L);
        now = automaton.deadline();
        tick();
        assertThat(out).containsExactly(new LayerAction.ThisLayerFinished());
        assertThat(automaton.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void doesNothingBeforeTheDeadline() {
        start();
        now = automaton.deadline() - 1;
        tick();
        assertThat(out).isEmpty();
    }

    @Test
    void stoppedStartsAgainWhenThePeerAsks() {
        start();
        while (automaton.state() != State.STOPPED) {
            now = automaton.deadline();
            tick();
        }
        receive(goodRequest(1));
        assertThat(automaton.state()).isEqualTo(State.ACK_SENT);
        assertThat(negotiation.restarts).isEqualTo(2);
        assertThat(sentCodes()).containsExactly(ControlCode.CONFIGURE_REQUEST, ControlCode.CONFIGURE_ACK);
    }

    @Test
    void ignoresAnswersWithAnotherIdentifierOrOtherOptions() {
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_ACK, request.id() + 1, request.data());
        receive(ControlCode.CONFIGURE_ACK, request.id(), goodRequest(1).data());
        receive(ControlCode.CONFIGURE_NAK, request.id() + 1, goodRequest(1).data());
        receive(ControlCode.CONFIGURE_REJECT, request.id() + 1, request.data());
        assertThat(automaton.state()).isEqualTo(State.REQ_SENT);
        assertThat(negotiation.asking).isTrue();
        assertThat(negotiation.wanted).isEqualTo(100);
    }

    @Test
    void secondCopyOfAnAckDoesNotDisturbTheOpenedLayer() {
        ControlPacket request = open();
        receive(ControlCode.CONFIGURE_ACK, request.id(), request.data());
        assertThat(out).isEmpty();
        assertThat(automaton.state()).isEqualTo(State.OPENED);
    }

    @Test
    void acknowledgesARetransmittedRequestAgainWithoutGoingDown() {
        open();
        receive(goodRequest(9));
        assertThat(out).containsExactly(sent(ControlCode.CONFIGURE_ACK, 9, goodRequest(9).data()));
        assertThat(automaton.state()).isEqualTo(State.OPENED);
    }

    @Test
    void sameRequestLongAfterItCanHaveBeenRetransmittedIsANewOne() {
        open();
        now += POLICY.maxConfigure() * POLICY.restartMillis();
        receive(goodRequest(9));
        assertThat(out).first().isEqualTo(new LayerAction.ThisLayerDown());
        assertThat(automaton.state()).isEqualTo(State.ACK_SENT);
    }

    @Test
    void newRequestTakesTheOpenedLayerDownAndNegotiatesAnew() {
        ControlPacket first = open();
        receive(goodRequest(10));
        assertThat(automaton.state()).isEqualTo(State.ACK_SENT);
        assertThat(out.getFirst()).isEqualTo(new LayerAction.ThisLayerDown());
        assertThat(sentCodes()).containsExactly(ControlCode.CONFIGURE_REQUEST, ControlCode.CONFIGURE_ACK);
        ControlPacket again = ((LayerAction.Send) out.get(1)).packet();
        assertThat(again.id()).isNotEqualTo(first.id());
        receive(ControlCode.CONFIGURE_ACK, again.id(), again.data());
        assertThat(out).containsExactly(new LayerAction.ThisLayerUp());
    }

    @Test
    void crossedTimeoutInAckRcvdAsksAgainWithANewIdentifier() {
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_ACK, request.id(), request.data());
        assertThat(automaton.deadline()).isEqualTo(now + POLICY.restartMillis());
        now = automaton.deadline();
        tick();
        assertThat(automaton.state()).isEqualTo(State.REQ_SENT);
        assertThat(((LayerAction.Send) out.getFirst()).packet().id()).isNotEqualTo(request.id());
    }

    @Test
    void givesThePeerTimeToAnswerWhenItsOwnRequestComesJustBeforeTheTimeout() {
        start();
        now = automaton.deadline() - 1;
        receive(goodRequest(1));
        assertThat(automaton.deadline()).isGreaterThanOrEqualTo(now + POLICY.firstMillis());
    }

    @Test
    void nakChangesTheRequestAndItsIdentifier() {
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_NAK, request.id(), ConfigureOption.encode(shortOption(1, 55)));
        ControlPacket next = ((LayerAction.Send) out.getFirst()).packet();
        assertThat(next.id()).isNotEqualTo(request.id());
        assertThat(next.options()).containsExactly(ConfigureOption.ofShort(1, 55));
    }

    @Test
    void ofSeveralSuggestionsForOneOptionTheFirstCounts() {
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_NAK, request.id(),
                ConfigureOption.encode(List.of(ConfigureOption.ofShort(1, 55), ConfigureOption.ofShort(1, 66))));
        assertThat(negotiation.wanted).isEqualTo(55);
    }

    @Test
    void rejectDropsTheOption() {
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_REJECT, request.id(), request.data());
        assertThat(((LayerAction.Send) out.getFirst()).packet().options()).isEmpty();
    }

    @Test
    void rejectOfSomethingNeverRequestedIsLeftToTheRestartTimer() {
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_REJECT, request.id(), ConfigureOption.encode(shortOption(99, 1)));
        assertThat(out).isEmpty();
        assertThat(automaton.state()).isEqualTo(State.REQ_SENT);
    }

    @Test
    void peerThatNaksForEverIsTakenToReject() {
        ControlPacket request = start();
        int naks = 0;
        while (!request.options().isEmpty()) {
            receive(ControlCode.CONFIGURE_NAK, request.id(), ConfigureOption.encode(shortOption(1, naks++)));
            request = ((LayerAction.Send) out.getFirst()).packet();
        }
        assertThat(naks).isEqualTo(POLICY.maxFailure() + 1);
    }

    @Test
    void naksOfUnrequestedOptionsAreAnsweredOnlySoOften() {
        ControlPacket request = start();
        int answers = 0;
        do {
            receive(ControlCode.CONFIGURE_NAK, request.id(), ConfigureOption.encode(shortOption(99, 1)));
            if (!out.isEmpty()) {
                request = ((LayerAction.Send) out.getFirst()).packet();
                answers++;
            }
        } while (!out.isEmpty());
        assertThat(answers).isEqualTo(POLICY.maxFailure());
    }

    @Test
    void nakBecomesRejectWhenThePeerNeverConverges() {
        start();
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i <= POLICY.maxFailure(); i++) {
            receive(new ControlPacket(ControlCode.CONFIGURE_REQUEST, i, ConfigureOption.encode(shortOption(1, 3))));
            codes.addAll(sentCodes());
        }
        assertThat(codes).startsWith(ControlCode.CONFIGURE_NAK)
                .endsWith(ControlCode.CONFIGURE_REJECT)
                .hasSize(POLICY.maxFailure() + 1)
                .containsOnlyOnce(ControlCode.CONFIGURE_REJECT);
    }

    @Test
    void negotiationThatCannotGoOnIsClosed() {
        negotiation.failsWhenRejected = true;
        ControlPacket request = start();
        receive(ControlCode.CONFIGURE_REJECT, request.id(), request.data());
        assertThat(automaton.state()).isEqualTo(State.CLOSING);
        ControlPacket terminate = ((LayerAction.Send) out.getFirst()).packet();
        assertThat(terminate.code()).isEqualTo(ControlCode.TERMINATE_REQUEST);
        assertThat(new String(terminate.data(), StandardCharsets.US_ASCII)).isEqualTo("cannot do without");
    }

    @Test
    void closesAfterTwoUnansweredTerminateRequests() {
        open();
        out.clear();
        automaton.close("enough", now, out);
        assertThat(out.getFirst()).isEqualTo(new LayerAction.ThisLayerDown());
        List<LayerAction> later = new ArrayList<>();
        while (automaton.state() == State.CLOSING) {
            now = automaton.deadline();
            automaton.tick(now, later);
        }
        assertThat(later).hasSize(2).first().isEqualTo(out.get(1));
        assertThat(later.getLast()).isEqualTo(new LayerAction.ThisLayerFinished());
        assertThat(automaton.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void closesAtOnceWhenTheTerminateRequestIsAcknowledged() {
        open();
        automaton.close("enough", now, out);
        receive(ControlCode.TERMINATE_ACK, 0, new byte[0]);
        assertThat(out).containsExactly(new LayerAction.ThisLayerFinished());
        assertThat(automaton.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void answersTerminateRequestsUntilThePeerHasHadTimeToRepeatThem() {
        open();
        receive(ControlCode.TERMINATE_REQUEST, 44, new byte[0]);
        assertThat(out).containsExactly(new LayerAction.ThisLayerDown(),
                sent(ControlCode.TERMINATE_ACK, 44, new byte[0]));
        receive(ControlCode.TERMINATE_REQUEST, 44, new byte[0]);
        assertThat(out).containsExactly(sent(ControlCode.TERMINATE_ACK, 44, new byte[0]));
        assertThat(automaton.deadline()).isEqualTo(now + POLICY.restartMillis());
        now = automaton.deadline();
        tick();
        assertThat(out).containsExactly(new LayerAction.ThisLayerFinished());
    }

    @Test
    void unknownCodeComesBackCutToThePeersMru() {
        open();
        automaton.limitTo(128);
        byte[] data = new byte[200];
        receive(77, 3, data);
        ControlPacket reject = ((LayerAction.Send) out.getFirst()).packet();
        assertThat(reject.code()).isEqualTo(ControlCode.CODE_REJECT);
        assertThat(reject.encode()).hasSize(128);
        assertThat(reject.data()).startsWith(77, 3, 0, 204);
        assertThat(automaton.state()).isEqualTo(State.OPENED);
    }

    @Test
    void rejectOfAVitalCodeEndsTheLayerAndOthersDoNot() {
        open();
        receive(ControlCode.CODE_REJECT, 1, new byte[]{ControlCode.ECHO_REQUEST, 1, 0, 4});
        assertThat(automaton.state()).isEqualTo(State.OPENED);
        receive(ControlCode.CODE_REJECT, 1, new byte[]{ControlCode.CONFIGURE_REQUEST, 1, 0, 4});
        assertThat(automaton.state()).isEqualTo(State.STOPPING);
    }

    @Test
    void protocolRejectEndsTheNegotiation() {
        start();
        out.clear();
        automaton.protocolRejected(now, out);
        assertThat(out).containsExactly(new LayerAction.ThisLayerFinished());
        assertThat(automaton.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void discardsPacketsWhileTheLowerLayerIsDown() {
        automaton.open(now, out);
        receive(goodRequest(1));
        assertThat(out).isEmpty();
        assertThat(automaton.state()).isEqualTo(State.STARTING);
    }

    @Test
    void lowerLayerDownAndUpStartsOver() {
        open();
        out.clear();
        automaton.down(now, out);
        automaton.up(now, out);
        assertThat(out.getFirst()).isEqualTo(new LayerAction.ThisLayerDown());
        assertThat(sentCodes()).containsExactly(ControlCode.CONFIGURE_REQUEST);
    }

    @Test
    void malformedOptionsAreReportedAndChangeNothing() {
        start();
        ControlPacket bad = new ControlPacket(ControlCode.CONFIGURE_REQUEST, 1, new byte[]{1, 9, 0});
        assertThatThrownBy(() -> receive(bad)).isInstanceOf(PppPacketException.class)
                .hasMessageContaining("option of type 1 with Length 9");
        assertThat(out).isEmpty();
        assertThat(automaton.state()).isEqualTo(State.REQ_SENT);
    }

    @Test
    void rejectsComeBeforeNaksByteForByteAndInOrder() {
        start();
        ConfigureOption odd = new ConfigureOption(0x0d, new byte[]{6});
        ConfigureOption wrong = ConfigureOption.ofShort(1, 3);
        ConfigureOption empty = ConfigureOption.flag(0x17);
        receive(ControlPacket.ofOptions(ControlCode.CONFIGURE_REQUEST, 5, List.of(empty, wrong, odd)));
        assertThat(out)
                .containsExactly(sent(ControlCode.CONFIGURE_REJECT, 5, ConfigureOption.encode(List.of(empty, odd))));
        receive(ControlPacket.ofOptions(ControlCode.CONFIGURE_REQUEST, 6, List.of(wrong)));
        assertThat(out).containsExactly(sent(ControlCode.CONFIGURE_NAK, 6, goodRequest(0).data()));
    }

    @Test
    void repeatedOptionIsRejectedSoThatNoAnswerOutgrowsItsRequest() {
        start();
        ConfigureOption right = ConfigureOption.ofShort(1, 7);
        receive(ControlPacket.ofOptions(ControlCode.CONFIGURE_REQUEST, 5, List.of(right, right, right)));
        assertThat(out)
                .containsExactly(sent(ControlCode.CONFIGURE_REJECT, 5, ConfigureOption.encode(List.of(right, right))));
    }

    @Test
    void missingOptionIsSuggested() {
        negotiation.suggestsMissing = true;
        start();
        receive(ControlCode.CONFIGURE_REQUEST, 5, new byte[0]);
        assertThat(out).containsExactly(sent(ControlCode.CONFIGURE_NAK, 5, goodRequest(0).data()));
    }

    private ControlPacket start() {
        automaton.open(now, out);
        automaton.up(now, out);
        assertThat(out).hasSize(2).first().isEqualTo(new LayerAction.ThisLayerStarted());
        return ((LayerAction.Send) out.get(1)).packet();
    }

    private ControlPacket open() {
        ControlPacket request = start();
        receive(goodRequest(9));
        receive(ControlCode.CONFIGURE_ACK, request.id(), request.data());
        assertThat(automaton.isOpened()).isTrue();
        return request;
    }

    private void tick() {
        out.clear();
        automaton.tick(now, out);
    }

    private void receive(int code, int id, byte[] data) {
        receive(new ControlPacket(code, id & 0xff, data));
    }

    private void receive(ControlPacket packet) {
        out.clear();
        automaton.receive(packet, now, out);
    }

    private List<Integer> sentCodes() {
        return out.stream()
                .filter(LayerAction.Send.class::isInstance)
                .map(action -> ((LayerAction.Send) action).packet().code())
                .toList();
    }

    private static LayerAction sent(int code, int id, byte[] data) {
        return new LayerAction.Send(new ControlPacket(code, id, data));
    }

    private static ControlPacket goodRequest(int id) {
        return ControlPacket.ofOptions(ControlCode.CONFIGURE_REQUEST, id,
                shortOption(ScriptedNegotiation.TYPE, ScriptedNegotiation.RIGHT));
    }

    private static List<ConfigureOption> shortOption(int type, int value) {
        return List.of(ConfigureOption.ofShort(type, value));
    }
}
