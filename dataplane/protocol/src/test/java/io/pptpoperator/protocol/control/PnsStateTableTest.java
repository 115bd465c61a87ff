package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.control.PnsControlConnection.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event in every state of {@link PnsControlConnection}. The client calls its call 9, the server 7. */
class PnsStateTableTest {

    private static final long NOW = 1_000_000;

    /** What happens to a connection in some state. */
    private interface Event {
        List<PnsAction> happen(PnsControlConnection connection);
    }

    private static final Map<String, Event> EVENTS = new LinkedHashMap<>();

    static {
        EVENTS.put("connected", connection -> connection.connected(NOW));
        receive("SCCRP", startReply(0x0100, 1));
        receive("SCCRP refused", startReply(0x0100, 4));
        receive("SCCRP version 0.1", startReply(0x0001, 1));
        receive("SCCRQ", new StartControlConnectionRequest(0x0100, 3, 3, 1, 1, TextField.EMPTY, TextField.EMPTY));
        receive("StopRQ", new StopControlConnectionRequest(1));
        receive("StopRP", new StopControlConnectionReply(1, 0));
        receive("EchoRQ", new EchoRequest(5));
        receive("EchoRP", new EchoReply(5, 1, 0));
        receive("OCRP", callReply(9, 1));
        receive("OCRP refused", callReply(9, 3));
        receive("OCRP of another", callReply(8, 1));
        receive("OCRQ", new OutgoingCallRequest(3, 1, 300, 100_000_000, 3, 3, 64, 0, TextField.EMPTY, TextField.EMPTY));
        receive("ICRQ", new IncomingCallRequest(4, 1, 3, 0, TextField.EMPTY, TextField.EMPTY, TextField.EMPTY));
        receive("ICRP", new IncomingCallReply(7, 9, 1, 0, 64, 0));
        receive("ICCN", new IncomingCallConnected(9, 0, 64, 0, 3));
        receive("CCR", new CallClearRequest(7));
        receive("CDN", new CallDisconnectNotify(7, 3, 0));
        receive("WEN", new WanErrorNotify(9, 1, 2, 3, 4, 5, 6));
        receive("SLI", new SetLinkInfo(9, -1, -1));
        receive("unknown type", new SkippedMessage(1, 77, 12));
        EVENTS.put("malformed",
                connection -> connection.malformed(new ControlMessageException("Magic Cookie", 0, "0x1a2b3c4d")));
        EVENTS.put("peer closed", PnsControlConnection::peerClosed);
        EVENTS.put("clear", connection -> connection.clearCall("the user hung up", NOW));
        EVENTS.put("stop", connection -> connection.stop("shutting down", NOW));
        EVENTS.put("tick at deadline", connection -> connection.tick(connection.deadline()));
        EVENTS.put("tick before deadline", connection -> connection.tick(NOW));
    }

    private static void receive(String name, ControlFrame frame) {
        EVENTS.put(name, connection -> connection.received(frame, NOW));
    }

    private static StartControlConnectionReply startReply(int version, int resultCode) {
        return new StartControlConnectionReply(version, resultCode, 0, 3, 3, 1, 1, TextField.EMPTY, TextField.EMPTY);
    }

    private static OutgoingCallReply callReply(int peersCallId, int resultCode) {
        return new OutgoingCallReply(7, peersCallId, resultCode, 0, 0, 100_000_000, 64, 0, 0);
    }

    /** A new connection that was led into a state. */
    private static PnsControlConnection in(State state) {
        var connection = new PnsControlConnection(PnsSettings.windowsLike(9));
        if (state != State.IDLE) {
            connection.connected(NOW);
        }
        if (state != State.IDLE && state != State.WAIT_CTL_REPLY) {
            connection.received(startReply(0x0100, 1), NOW);
        }
        switch (state) {
            case IDLE, WAIT_CTL_REPLY, WAIT_CALL_REPLY -> {
            }
            case CALL_ESTABLISHED -> connection.received(callReply(9, 1), NOW);
            case WAIT_DISCONNECT -> connection.clearCall("the user hung up", NOW);
            case WAIT_STOP_REPLY -> connection.stop("shutting down", NOW);
            case CLOSED -> connection.peerClosed();
        }
        assertThat(connection.state()).isEqualTo(state);
        return connection;
    }

    static List<StateTable.Row> rows() throws IOException {
        return StateTable.read("pns-states.txt");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eventLeadsToActionsAndState(StateTable.Row row) {
        PnsControlConnection connection = in(State.valueOf(row.state()));
        List<PnsAction> actions = EVENTS.get(row.event()).happen(connection);
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
