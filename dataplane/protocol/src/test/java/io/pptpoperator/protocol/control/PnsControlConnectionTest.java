package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.control.ControlAction.CloseCall;
import io.pptpoperator.protocol.control.ControlAction.CloseConnection;
import io.pptpoperator.protocol.control.ControlAction.Send;
import io.pptpoperator.protocol.control.PnsControlConnection.State;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the messages of {@link PnsControlConnection} hold, its timers and its sentences. */
class PnsControlConnectionTest {

    private final PnsControlConnection connection = new PnsControlConnection(PnsSettings.windowsLike(64234));

    private static StartControlConnectionReply startReply(int resultCode, int errorCode) {
        return new StartControlConnectionReply(0x0100, resultCode, errorCode, 3, 3, 1, 1, new TextField("local"),
                new TextField("linux"));
    }

    private static OutgoingCallReply callReply(int resultCode, int errorCode) {
        return new OutgoingCallReply(7, 64234, resultCode, errorCode, 0, 100_000_000, 3, 0, 0);
    }

    private void establishCall(long now) {
        connection.connected(now);
        connection.received(startReply(1, 0), now);
        connection.received(callReply(1, 0), now);
        assertThat(connection.state()).isEqualTo(State.CALL_ESTABLISHED);
    }

    @Test
    void theMessagesAreThoseOfWindowsButForNames() {
        List<PnsAction> first = connection.connected(0);
        List<PnsAction> second = connection.received(startReply(1, 0), 0);
        assertThat(first).containsExactly(new Send(new StartControlConnectionRequest(0x0100, 1, 1, 0, 0,
                TextField.EMPTY, new TextField("pptp-operator"))));
        var windows = (OutgoingCallRequest) GoldenVectors.ALL.stream()
                .filter(vector -> vector.name().equals("Windows Outgoing-Call-Request"))
                .findAny()
                .orElseThrow()
                .message();
        assertThat(second).containsExactly(new PnsAction.Started(startReply(1, 0)),
                new Send(new OutgoingCallRequest(64234, 1, windows.minimumBps(), windows.maximumBps(),
                        windows.bearerType(), windows.framingType(), windows.receiveWindowSize(),
                        windows.processingDelay(), TextField.EMPTY, TextField.EMPTY)));
    }

    @Test
    void aCapturedServerIsUnderstood() {
        connection.connected(0);
        var reply = (StartControlConnectionReply) ControlMessageCodec.decode(ByteBuffer.wrap(
                GoldenVectors.hex("009c 0001 1a2b3c4d 0002 0000 0100 01 00 00000000 00000000 0001 0001 6c6f63616c 00*59"
                        + " 6c696e7578 00*59")));
        assertThat(connection.received(reply, 1).getFirst()).isEqualTo(new PnsAction.Started(reply));
    }

    @Test
    void theServersCallIdMayBeZero() {
        connection.connected(0);
        connection.received(startReply(1, 0), 0);
        var reply = new OutgoingCallReply(0, 64234, 1, 0, 0, 10_000_000, 3, 0, 0);
        assertThat(connection.received(reply, 0)).containsExactly(new PnsAction.CallUp(reply));
    }

    /** ADSL modems send 0 where RFC 2637 section 2.2 has 1. */
    @Test
    void aStartWithoutResultAndErrorIsASuccess() {
        connection.connected(0);

        assertThat(connection.received(startReply(0, 0), 0)).contains(new PnsAction.Started(startReply(0, 0)));
        assertThat(startReply(0, 2).isSuccess()).isFalse();
        assertThat(startReply(2, 0).isSuccess()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | 1 | with result 2: general error: no control connection exists yet
            2 | 2 | with result 2: general error: wrong length or magic cookie
            2 | 3 | with result 2: general error: a field value was out of range
            2 | 4 | with result 2: general error: not enough resources to handle this now
            2 | 5 | with result 2: general error: the Call ID is invalid in this context
            2 | 6 | with result 2: general error: a vendor-specific error occurred in the PAC
            2 | 0 | with result 2: general error: no general error
            2 | 9 | with result 2: general error: error code 9, which RFC 2637 does not define
            3 | 0 | with result 3: a control connection exists already
            4 | 0 | with result 4: the requester is not authorized to establish a control connection
            5 | 0 | with result 5: the requester's protocol version is not supported
            0 | 2 | with result 0: RFC 2637 does not define result code 0
            """)
    void aRefusedStartIsASentence(int resultCode, int errorCode, String sentence) {
        connection.connected(0);
        assertThat(connection.received(startReply(resultCode, errorCode), 0))
                .containsExactly(new CloseConnection("the server refused the control connection " + sentence));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2   | 4 | with result 2: general error: not enough resources to handle this now
            3   | 0 | with result 3: no carrier was detected
            4   | 0 | with result 4: the called party is busy
            5   | 0 | with result 5: there was no dial tone
            6   | 0 | with result 6: the call was not established in time
            7   | 0 | with result 7: outgoing calls are administratively prohibited
            200 | 0 | with result 200: RFC 2637 does not define result code 200
            """)
    void aRefusedCallIsASentenceAndEndsTheConnectionInOrder(int resultCode, int errorCode, String sentence) {
        connection.connected(0);
        connection.received(startReply(1, 0), 0);
        assertThat(ActionText.of(connection.received(callReply(resultCode, errorCode), 0))).isEqualTo("StopRQ(1)");
        assertThat(connection.received(new StopControlConnectionReply(1, 0), 0))
                .containsExactly(new CloseConnection("the server refused the call " + sentence));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | 0 | with result 0: no reason given
            1 | 0 | with result 1: the carrier was lost
            2 | 6 | with result 2: general error: a vendor-specific error occurred in the PAC
            3 | 0 | with result 3: an administrator ended the call, or the server is being shut down
            4 | 0 | with result 4: the call was cleared as requested
            5 | 0 | with result 5: RFC 2637 does not define result code 5
            """)
    void aDisconnectedCallIsASentence(int resultCode, int errorCode, String sentence) {
        establishCall(0);
        assertThat(connection.received(new CallDisconnectNotify(7, resultCode, errorCode), 0))
                .contains(new CloseCall("the server disconnected the call " + sentence));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | general request to clear the control connection
            2 | the peer's protocol version is not supported
            3 | the requester is being shut down
            4 | reason 4, which RFC 2637 does not define
            """)
    void aStoppedConnectionIsASentence(int reason, String sentence) {
        establishCall(0);
        assertThat(connection.received(new StopControlConnectionRequest(reason), 0))
                .contains(new CloseConnection("the server stopped the control connection: " + sentence));
    }

    @Test
    void anOrderlyEndTakesFourMessages() {
        establishCall(0);
        assertThat(connection.clearCall("the user hung up", 0)).containsExactly(new CloseCall("the user hung up"),
                new Send(new CallClearRequest(64234)));
        assertThat(ActionText.of(connection.received(new CallDisconnectNotify(7, 4, 0), 1))).isEqualTo("StopRQ(1)");
        assertThat(connection.received(new StopControlConnectionReply(1, 0), 2))
                .containsExactly(new CloseConnection("the user hung up"));
    }

    @Test
    void aServerThatNeverAnswersTheEndIsLeftAfterTwoShortWaits() {
        establishCall(0);
        connection.clearCall("the user hung up", 0);
        assertThat(connection.tick(4_999)).isEmpty();
        assertThat(ActionText.of(connection.tick(5_000))).isEqualTo("StopRQ(1)");
        assertThat(connection.tick(10_000)).containsExactly(new CloseConnection("the user hung up"));
    }

    @Test
    void aServerThatClosesInsteadOfAnsweringTheEndIsFine() {
        establishCall(0);
        connection.clearCall("the user hung up", 0);
        assertThat(connection.peerClosed()).containsExactly(new CloseConnection("the user hung up"));
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() {
        connection.connected(0);
        assertThat(connection.tick(60_000)).containsExactly(
                new CloseConnection("the server did not answer Start-Control-Connection-Request in time"));
    }

    @Test
    void aServerThatDoesNotAnswerTheCallIsNamed() {
        connection.connected(0);
        connection.received(startReply(1, 0), 30_000);
        assertThat(ActionText.of(connection.tick(90_000))).isEqualTo("StopRQ(1)");
        assertThat(connection.tick(95_000))
                .containsExactly(new CloseConnection("the server did not answer Outgoing-Call-Request in time"));
    }

    @Test
    void silenceIsAnsweredByAnEchoRequestAndThenByTheEnd() {
        establishCall(0);
        assertThat(connection.tick(60_000)).containsExactly(new Send(new EchoRequest(1)));
        assertThat(ActionText.of(connection.tick(120_000))).isEqualTo("CloseCall, CloseConnection");
    }

    @Test
    void aConnectionThatCannotBeOpenedEnds() {
        assertThat(connection.peerClosed())
                .containsExactly(new CloseConnection("the TCP connection could not be opened"));
    }

    @Property(tries = 300)
    @Domain(ControlArbitraries.class)
    @Domain(DomainContext.Global.class)
    void whateverTheServerSendsACallIsClosedOnceAndTheConnectionEnds(
            @ForAll @Size(max = 20) List<ControlMessage> messages, @ForAll boolean dialled) {
        var pns = new PnsControlConnection(PnsSettings.windowsLike(64234));
        var actions = new ArrayList<>(pns.connected(0));
        if (dialled) {
            actions.addAll(pns.received(startReply(1, 0), 0));
            actions.addAll(pns.received(callReply(1, 0), 0));
        }
        messages.forEach(message -> actions.addAll(pns.received(message, 0)));
        long now = 0;
        for (int i = 0; i < 5 && pns.state() != State.CLOSED; i++) {
            now = pns.deadline();
            actions.addAll(pns.tick(now));
        }
        assertThat(pns.state()).isEqualTo(State.CLOSED);
        assertThat(actions.stream().filter(PnsAction.CallUp.class::isInstance).count())
                .isEqualTo(actions.stream().filter(CloseCall.class::isInstance).count());
        assertThat(actions.getLast()).isInstanceOf(CloseConnection.class);
        assertThat(actions.stream().filter(CloseConnection.class::isInstance)).hasSize(1);
    }
}
