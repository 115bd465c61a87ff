package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.control.PacControlConnection.State;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What {@link PacControlConnection} promises its owner holds whatever the client sends and the owner commands. */
class PacPromisesTest {

    /** One thing that happens: a message of the client, or a command of the owner. */
    interface Step {
        List<PacAction> take(PacControlConnection pac, long now);
    }

    @Provide
    Arbitrary<List<Step>> scripts() {
        Arbitrary<Step> anyMessage = ControlArbitraries.messages().map(PacPromisesTest::receive);
        Arbitrary<Step> likelyMessage = Arbitraries
                .of(PacStateTableTest.start(0x0100), PacStateTableTest.call(9), new SetLinkInfo(7, 0, 0),
                        new EchoRequest(1), new CallClearRequest(9), new StopControlConnectionRequest(1))
                .map(PacPromisesTest::receive);
        Arbitrary<Step> command = Arbitraries.of((pac, now) -> pac.acceptCall(7), (pac, now) -> pac.refuseCall(2, 4),
                (pac, now) -> pac.disconnectCall(3, "ended", now), (pac, now) -> pac.stop("stopped", now),
                PacControlConnection::tick, (pac, now) -> pac.tick(pac.deadline()),
                receive(new SkippedMessage(2, 0, 12)));
        Arbitrary<List<Step>> steps = Arbitraries
                .frequencyOf(Tuple.of(1, anyMessage), Tuple.of(4, likelyMessage), Tuple.of(2, command))
                .list()
                .ofMaxSize(60);
        List<Step> dialIn = List.of(receive(PacStateTableTest.start(0x0100)), receive(PacStateTableTest.call(9)));
        return Combinators.combine(Arbitraries.of(0, dialIn.size()), steps).as((first, others) -> {
            var script = new ArrayList<>(dialIn.subList(0, first));
            script.addAll(others);
            return (List<Step>) script;
        }).withoutEdgeCases();
    }

    private static Step receive(ControlFrame frame) {
        return (pac, now) -> pac.received(frame, now);
    }

    @Property
    void everyCallIsAnsweredOrClosedOnceAndTheConnectionEnds(@ForAll("scripts") List<Step> script) {
        var pac = new PacControlConnection(PacSettings.defaults("server"));
        var actions = new ArrayList<PacAction>(pac.connected(0));
        long now = 0;
        int refused = 0;
        for (Step step : script) {
            now += 5_000;
            State before = pac.state();
            actions.addAll(step.take(pac, now));
            if (before == State.WAIT_CALL_ANSWER && pac.state() == State.ESTABLISHED) {
                refused++;
            }
        }
        // Left alone from here, it ends by itself.
        for (int i = 0; i < 5; i++) {
            now = Math.max(now, pac.deadline());
            actions.addAll(pac.tick(now));
        }
        assertThat(pac.state()).isEqualTo(State.CLOSED);
        assertThat(count(actions, PacAction.OpenCall.class) - refused)
                .isEqualTo(count(actions, ControlAction.CloseCall.class));
        assertThat(count(actions, ControlAction.Note.class)).isLessThanOrEqualTo(NoteLimit.MAX_NOTES);
        assertThat(count(actions, ControlAction.CloseConnection.class)).isEqualTo(1);
        assertThat(actions.getLast()).isInstanceOf(ControlAction.CloseConnection.class);
        assertThat(actions.stream().filter(PacPromisesTest::connectsACall).count()).isLessThanOrEqualTo(1);
    }

    @Property
    void onlyWhatAPacMaySendIsSent(@ForAll("scripts") List<Step> script) {
        var pac = new PacControlConnection(PacSettings.defaults("server"));
        pac.connected(0);
        long now = 0;
        for (Step step : script) {
            now += 5_000;
            for (PacAction action : step.take(pac, now)) {
                if (action instanceof ControlAction.Send(ControlMessage message)) {
                    assertThat(message.type()).isIn(ControlMessageType.START_CONTROL_CONNECTION_REPLY,
                            ControlMessageType.STOP_CONTROL_CONNECTION_REQUEST,
                            ControlMessageType.STOP_CONTROL_CONNECTION_REPLY, ControlMessageType.ECHO_REQUEST,
                            ControlMessageType.ECHO_REPLY, ControlMessageType.OUTGOING_CALL_REPLY,
                            ControlMessageType.INCOMING_CALL_REPLY, ControlMessageType.CALL_DISCONNECT_NOTIFY);
                    assertThat(ControlMessageCodec.encode(message)).hasSize(message.type().length());
                }
            }
        }
    }

    private static long count(List<PacAction> actions, Class<?> type) {
        return actions.stream().filter(type::isInstance).count();
    }

    private static boolean connectsACall(PacAction action) {
        return action instanceof ControlAction.Send(OutgoingCallReply reply)
                && reply.resultCode() == OutgoingCallReply.CONNECTED;
    }
}
