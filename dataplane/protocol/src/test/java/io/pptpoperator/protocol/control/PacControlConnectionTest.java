package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.control.ControlAction.CloseCall;
import io.pptpoperator.protocol.control.ControlAction.CloseConnection;
import io.pptpoperator.protocol.control.ControlAction.Note;
import io.pptpoperator.protocol.control.ControlAction.Send;
import io.pptpoperator.protocol.control.PacControlConnection.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the messages of {@link PacControlConnection} hold, its timers, and whole lives of it. */
class PacControlConnectionTest {

    private static final StartControlConnectionRequest START = PacStateTableTest.start(0x0100);
    private static final OutgoingCallRequest CALL = PacStateTableTest.call(9);

    private final PacControlConnection connection = new PacControlConnection(PacSettings.defaults("vpn.example"));

    private void establishCall(long now) {
        connection.connected(now);
        connection.received(START, now);
        connection.received(CALL, now);
        connection.acceptCall(7);
        assertThat(connection.state()).isEqualTo(State.CALL_ESTABLISHED);
    }

    @Test
    void startReplySaysWhoTheServerIsAndWhatItCan() {
        assertThat(connection.received(START, 0)).containsExactly(new PacAction.Started(START),
                new Send(new StartControlConnectionReply(0x0100, 1, 0, Framing.EITHER, Bearer.ANY, 1, 1,
                        new TextField("vpn.example"), new TextField("pptp-operator"))));
    }

    @Test
    void callReplyCarriesBothCallIdsAndTheClientsOwnSpeed() {
        connection.received(START, 0);
        assertThat(connection.received(CALL, 0)).containsExactly(new PacAction.OpenCall(CALL));
        assertThat(connection.acceptCall(0xFFFF))
                .containsExactly(new Send(new OutgoingCallReply(0xFFFF, 9, 1, 0, 0, 100_000_000, 64, 0, 0)));
    }

    @Test
    void theCallReplyWaitsForTheServer() {
        connection.received(START, 0);
        assertThat(connection.received(CALL, 0)).noneMatch(Send.class::isInstance);
        assertThat(connection.state()).isEqualTo(State.WAIT_CALL_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536})
    void aCallIdMustFitItsFieldAndNotBeZero(int callId) {
        assertThatThrownBy(() -> connection.acceptCall(callId)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Call ID " + callId + " is not between 1 and 65535");
    }

    @Test
    void callIdZeroOfWindowsXpIsAccepted() {
        connection.received(START, 0);
        connection.received(PacStateTableTest.call(0), 0);
        assertThat(ActionText.of(connection.acceptCall(7))).isEqualTo("OCRP(7 for 0 1/0)");
        assertThat(ActionText.of(connection.received(new CallClearRequest(0), 0)))
                .isEqualTo("CloseCall, CDN(7 4/0), CloseConnection");
    }

    @Test
    void windowsDialInRunsToItsEnd() {
        connection.connected(0);
        var sent = new ArrayList<String>();
        var start = new StartControlConnectionRequest(0x0100, 1, 1, 0, 0, TextField.EMPTY, new TextField("Microsoft"));
        sent.add(ActionText.of(connection.received(start, 10)));
        sent.add(ActionText.of(connection.received(PacStateTableTest.call(2961), 20)));
        sent.add(ActionText.of(connection.acceptCall(13769)));
        sent.add(ActionText.of(connection.received(new SetLinkInfo(13769, -1, -1), 30)));
        sent.add(ActionText.of(connection.received(new SetLinkInfo(13769, 0, 0), 40)));
        sent.add(ActionText.of(connection.received(new EchoRequest(0), 60_040)));
        sent.add(ActionText.of(connection.received(new CallClearRequest(2961), 60_050)));
        sent.add(ActionText.of(connection.received(new StopControlConnectionRequest(1), 60_060)));
        assertThat(sent).containsExactly("Started, SCCRP(1/0)", "OpenCall 2961", "OCRP(13769 for 2961 1/0)", "LinkInfo",
                "LinkInfo", "EchoRP(0 1/0)", "CloseCall, CDN(13769 4/0), CloseConnection", "-");
    }

    @Test
    void anAnswerThatComesTooLateHasNoEffect() {
        connection.received(START, 0);
        connection.received(CALL, 0);
        assertThat(ActionText.of(connection.peerClosed())).isEqualTo("CloseCall, CloseConnection");
        assertThat(connection.acceptCall(7)).isEmpty();
        assertThat(connection.refuseCall(2, 4)).isEmpty();
    }

    @Test
    void aRefusedClientMayAskAgain() {
        connection.received(START, 0);
        connection.received(CALL, 0);
        connection.refuseCall(OutgoingCallReply.BUSY, GeneralError.NONE);
        assertThat(connection.received(CALL, 1)).containsExactly(new PacAction.OpenCall(CALL));
    }

    @Test
    void connectionsFromOneAddressAreIndependentEvenIfTheyStartTogether() {
        var other = new PacControlConnection(PacSettings.defaults("vpn.example"));
        assertThat(connection.received(START, 0)).isEqualTo(other.received(START, 0));
        connection.received(CALL, 0);
        other.received(CALL, 0);
        assertThat(ActionText.of(connection.acceptCall(7))).isEqualTo("OCRP(7 for 9 1/0)");
        assertThat(ActionText.of(other.acceptCall(8))).isEqualTo("OCRP(8 for 9 1/0)");
        connection.received(new CallClearRequest(9), 1);
        assertThat(other.state()).isEqualTo(State.CALL_ESTABLISHED);
    }

    @Test
    void aSilentClientIsClosedAfterAMinute() {
        connection.connected(500);
        assertThat(connection.deadline()).isEqualTo(60_500);
        assertThat(connection.tick(60_499)).isEmpty();
        assertThat(connection.tick(60_500))
                .containsExactly(new CloseConnection("the client did not open the control connection in time"));
    }

    @Test
    void aClientThatNeverCallsIsStoppedAfterAMinuteHoweverManyMessagesItSends() {
        connection.connected(0);
        connection.received(START, 1000);
        for (int now = 2000; now < 61_000; now += 1000) {
            connection.received(new EchoRequest(now), now);
            assertThat(connection.tick(now)).isEmpty();
        }
        assertThat(connection.tick(61_000))
                .containsExactly(new Send(new StopControlConnectionRequest(StopControlConnectionRequest.NONE)));
        assertThat(connection.tick(66_000))
                .containsExactly(new CloseConnection("the client did not ask for a call in time"));
    }

    @Test
    void refusedCallsDoNotProlongTheTimeToCall() {
        connection.connected(0);
        connection.received(START, 1000);
        for (int now = 2000; now < 61_000; now += 1000) {
            connection.received(CALL, now);
            connection.refuseCall(OutgoingCallReply.BUSY, GeneralError.NONE);
        }
        assertThat(ActionText.of(connection.tick(61_000))).isEqualTo("StopRQ(1)");
    }

    @Test
    void silenceIsAnsweredByAnEchoRequestAndThenByTheEnd() {
        establishCall(0);
        assertThat(connection.deadline()).isEqualTo(60_000);
        assertThat(connection.tick(60_000)).containsExactly(new Send(new EchoRequest(1)));
        assertThat(connection.deadline()).isEqualTo(120_000);
        assertThat(connection.tick(119_999)).isEmpty();
        assertThat(connection.tick(120_000)).containsExactly(
                new CloseCall("the client is silent and did not answer an Echo-Request"),
                new CloseConnection("the client is silent and did not answer an Echo-Request"));
    }

    @Test
    void anyMessageIsASignOfLife() {
        establishCall(0);
        connection.tick(60_000);
        connection.received(new SetLinkInfo(7, 0, 0), 100_000);
        assertThat(connection.deadline()).isEqualTo(160_000);
        assertThat(connection.tick(160_000)).containsExactly(new Send(new EchoRequest(2)));
        connection.received(new EchoReply(2, 1, 0), 170_000);
        assertThat(connection.tick(180_000)).isEmpty();
        assertThat(connection.deadline()).isEqualTo(230_000);
    }

    @Test
    void aLateTickStillWaitsForTheReplyInFull() {
        establishCall(0);
        assertThat(connection.tick(500_000)).containsExactly(new Send(new EchoRequest(1)));
        assertThat(connection.deadline()).isEqualTo(560_000);
    }

    @Test
    void keepAliveCanBeChangedAndSwitchedOffWhileTheCallLasts() {
        establishCall(0);
        connection.reconfigure(new PacSettings("vpn.example", 10_000, 60_000, 5_000));
        assertThat(connection.deadline()).isEqualTo(10_000);
        connection.reconfigure(new PacSettings("vpn.example", 0, 60_000, 5_000));
        assertThat(connection.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(connection.tick(1_000_000_000)).isEmpty();
    }

    @Test
    void shutdownTellsTheClientInOrderAndWaitsAFewSeconds() {
        establishCall(0);
        assertThat(connection.stop("the server is shutting down", 1000)).containsExactly(
                new Send(new CallDisconnectNotify(7, CallDisconnectNotify.ADMIN_SHUTDOWN, 0)),
                new CloseCall("the server is shutting down"),
                new Send(new StopControlConnectionRequest(StopControlConnectionRequest.STOP_LOCAL_SHUTDOWN)));
        assertThat(connection.tick(5_999)).isEmpty();
        assertThat(connection.tick(6_000)).containsExactly(new CloseConnection("the server is shutting down"));
    }

    @Test
    void shutdownEndsAsSoonAsTheClientAgrees() {
        establishCall(0);
        connection.disconnectCall(CallDisconnectNotify.ADMIN_SHUTDOWN, "the user was disabled", 1000);
        assertThat(connection.received(new StopControlConnectionReply(1, 0), 1010))
                .containsExactly(new CloseConnection("the user was disabled"));
    }

    @Test
    void theReasonOfAMalformedMessageIsKept() {
        establishCall(0);
        assertThat(connection.malformed(new ControlMessageException("Length", 18245, "12 to 220 bytes")))
                .contains(new CloseConnection("the client sent a malformed control message: "
                        + "Length is 18245 (0x4745); 12 to 220 bytes would be right"));
    }

    @Test
    void oddMessagesCannotFillTheLog() {
        establishCall(0);
        var notes = new ArrayList<PacAction>();
        for (int i = 0; i < 1000; i++) {
            notes.addAll(connection.received(new SkippedMessage(1, 77, 12), i));
        }
        assertThat(notes).hasSize(NoteLimit.MAX_NOTES).allMatch(Note.class::isInstance);
        assertThat(notes.getLast()).isEqualTo(new Note("passed over a control message of unknown type 77 and 12 "
                + "bytes; no more is reported of this connection"));
        assertThat(List.copyOf(connection.received(new EchoRequest(1), 1000))).hasSize(1);
    }

    @Test
    void aWrongVersionIsNamed() {
        assertThat(connection.received(PacStateTableTest.start(0x0200), 0))
                .contains(new CloseConnection("the client speaks PPTP version 0x0200 instead of 0x0100"));
    }
}
