package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.control.PacControlConnection.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event in every state of {@link PacControlConnection}. The client calls its call 9, the server 7. */
class PacStateTableTest {

    private static final long NOW = 1_000_000;
    private static final PacSettings SETTINGS = PacSettings.defaults("server");

    /** What happens to a connection in some state. */
    private interface Event {
        List<PacAction> happen(PacControlConnection connection);
    }

    private static final Map<String, Event> EVENTS = new LinkedHashMap<>();

    static {
        receive("SCCRQ", start(0x0100));
        receive("SCCRQ version 2.0", start(0x0200));
        receive("SCCRQ version 0.1", start(0x0001));
        receive("SCCRP", new StartControlConnectionReply(0x0100, 1, 0, 3, 3, 1, 1, TextField.EMPTY, TextField.EMPTY));
        receive("StopRQ", new StopControlConnectionRequest(1));
        receive("StopRP", new StopControlConnectionReply(1, 0));
        receive("EchoRQ", new EchoRequest(5));
        receive("EchoRP", new EchoReply(5, 1, 0));
        receive("OCRQ", call(9));
        receive("OCRQ 10", call(10));
        receive("OCRP", new OutgoingCallReply(9, 7, 1, 0, 0, 0, 0, 0, 0));
        receive("ICRQ", new IncomingCallRequest(9, 1, 3, 0, TextField.EMPTY, TextField.EMPTY, TextField.EMPTY));
        receive("ICRP", new IncomingCallReply(9, 7, 1, 0, 64, 0));
        receive("ICCN", new IncomingCallConnected(7, 0, 64, 0, 3));
        receive("CCR", new CallClearRequest(9));
        receive("CCR of another", new CallClearRequest(8));
        receive("CDN", new CallDisconnectNotify(9, 1, 0));
        receive("WEN", new WanErrorNotify(7, 1, 2, 3, 4, 5, 6));
        receive("SLI", new SetLinkInfo(7, -1, -1));
        receive("SLI of another", new SetLinkInfo(8, -1, -1));
        receive("unknown type", new SkippedMessage(1, 77, 12));
        EVENTS.put("malformed",
                connection -> connection.malformed(new ControlMessageException("Magic Cookie", 0, "0x1a2b3c4d")));
        EVENTS.put("peer closed", PacControlConnection::peerClosed);
        EVENTS.put("accept 7", connection -> connection.acceptCall(7));
        EVENTS.put("refuse",
                connection -> connection.refuseCall(OutgoingCallReply.GENERAL_ERROR, GeneralError.NO_RESOURCE));
        EVENTS.put("disconnect",
                connection -> connection.disconnectCall(CallDisconnectNotify.LOST_CARRIER, "PPP ended", NOW));
        EVENTS.put("stop", connection -> connection.stop("shutting down", NOW));
        EVENTS.put("tick at deadline", connection -> connection.tick(connection.deadline()));
        EVENTS.put("tick before deadline", connection -> connection.tick(NOW));
    }

    private static void receive(String name, ControlFrame frame) {
        EVENTS.put(name, connection -> connection.received(frame, NOW));
    }

    static StartControlConnectionRequest start(int version) {
        return new StartControlConnectionRequest(version, 1, 1, 0, 0, TextField.EMPTY, new TextField("Microsoft"));
    }

    static OutgoingCallRequest call(int callId) {
        return new OutgoingCallRequest(callId, 1, 300, 100_000_000, 3, 3, 64, 0, TextField.EMPTY, TextField.EMPTY);
    }

    /** A new connection that was led into a state. */
    private static PacControlConnection in(State state) {
        var connection = new PacControlConnection(SETTINGS);
        connection.connected(NOW);
        switch (state) {
            case WAIT_START -> {
            }
            case ESTABLISHED -> connection.received(start(0x0100), NOW);
            case WAIT_CALL_ANSWER -> {
                connection.received(start(0x0100), NOW);
                connection.received(call(9), NOW);
            }
            case CALL_ESTABLISHED -> {
                connection.received(start(0x0100), NOW);
                connection.received(call(9), NOW);
                connection.acceptCall(7);
            }
            case WAIT_STOP_REPLY -> {
                connection.received(start(0x0100), NOW);
                connection.stop("shutting down", NOW);
            }
            case CLOSED -> connection.stop("shutting down", NOW);
        }
        assertThat(connection.state()).isEqualTo(state);
        return connection;
    }

    static List<StateTable.Row> rows() throws IOException {
        return StateTable.read("pac-states.txt");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eventLeadsToActionsAndState(StateTable.Row row) {
        PacControlConnection connection = in(State.valueOf(row.state()));
        List<PacAction> actions = EVENTS.get(row.event()).happen(connection);
        assertThat(ActionText.of(actions) + " -> " + connection.state()).isEqualTo(row.outcome());
    }

    @Test
    void theTableHasEveryEventInEveryState() throws IOException {
        var all = new ArrayList<String>();
        for (State state : State.values()) {
            EVENTS.keySet().forEach(event -> all.add(state + " " + event));
        }
        assertThat(rows().stream().map(row -> row.state() + " " + row.event())).containsExactlyElementsOf(all);
    }
}
