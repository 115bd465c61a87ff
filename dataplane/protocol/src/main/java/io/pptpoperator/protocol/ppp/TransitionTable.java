package io.pptpoperator.protocol.ppp;

import static io.pptpoperator.protocol.ppp.Automaton.State.ACK_RCVD;
import static io.pptpoperator.protocol.ppp.Automaton.State.ACK_SENT;
import static io.pptpoperator.protocol.ppp.Automaton.State.CLOSED;
import static io.pptpoperator.protocol.ppp.Automaton.State.CLOSING;
import static io.pptpoperator.protocol.ppp.Automaton.State.INITIAL;
import static io.pptpoperator.protocol.ppp.Automaton.State.OPENED;
import static io.pptpoperator.protocol.ppp.Automaton.State.REQ_SENT;
import static io.pptpoperator.protocol.ppp.Automaton.State.STARTING;
import static io.pptpoperator.protocol.ppp.Automaton.State.STOPPED;
import static io.pptpoperator.protocol.ppp.Automaton.State.STOPPING;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.IRC;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.SCA;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.SCJ;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.SCN;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.SCR;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.SER;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.STA;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.STR;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.TLD;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.TLF;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.TLS;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.TLU;
import static io.pptpoperator.protocol.ppp.TransitionTable.Act.ZRC;

import io.pptpoperator.protocol.ppp.Automaton.Event;
import io.pptpoperator.protocol.ppp.Automaton.State;
import java.util.List;

/**
 * The state transition table of RFC 1661 section 4.1, without its restart option (a closed layer opens again only after
 * it finished) and without its passive option (a layer that times out stops).
 */
final class TransitionTable {

    /** The actions of RFC 1661 section 4.4. */
    enum Act {
        /** This-Layer-Up. */
        TLU,
        /** This-Layer-Down. */
        TLD,
        /** This-Layer-Started. */
        TLS,
        /** This-Layer-Finished. */
        TLF,
        /** Initialize-Restart-Count. */
        IRC,
        /** Zero-Restart-Count. */
        ZRC,
        /** Send-Configure-Request. */
        SCR,
        /** Send-Configure-Ack. */
        SCA,
        /** Send-Configure-Nak or -Reject. */
        SCN,
        /** Send-Terminate-Request. */
        STR,
        /** Send-Terminate-Ack. */
        STA,
        /** Send-Code-Reject. */
        SCJ,
        /** Send-Echo-Reply. */
        SER
    }

    /** A cell: what to do, in order, and where it leads; {@code next} is null where the table has a dash. */
    record Transition(State next, List<Act> acts) {

        /** Whether the event can happen in the state at all. */
        boolean possible() {
            return next != null;
        }
    }

    private static final Transition IMPOSSIBLE = new Transition(null, List.of());

    private TransitionTable() {}

    /** The cell of {@code event}'s row in {@code state}'s column. */
    static Transition of(State state, Event event) {
        return switch (event) {
            case UP -> up(state);
            case DOWN -> down(state);
            case OPEN -> open(state);
            case CLOSE -> close(state);
            case TO_PLUS -> timeout(state);
            case TO_MINUS -> lastTimeout(state);
            case RCR_PLUS -> goodRequest(state);
            case RCR_MINUS -> badRequest(state);
            case RCA -> ack(state);
            case RCN -> nakOrReject(state);
            case RTR -> terminateRequest(state);
            case RTA -> terminateAck(state);
            case RUC -> lowerLayerIsDown(state) ? IMPOSSIBLE : to(state, SCJ);
            case RXJ_PLUS -> permittedReject(state);
            case RXJ_MINUS -> catastrophicReject(state);
            case RXR -> lowerLayerIsDown(state) ? IMPOSSIBLE : state == OPENED ? to(OPENED, SER) : to(state);
        };
    }

    private static Transition up(State state) {
        return switch (state) {
            case INITIAL -> to(CLOSED);
            case STARTING -> to(REQ_SENT, IRC, SCR);
            case CLOSED, STOPPED, CLOSING, STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT, OPENED -> IMPOSSIBLE;
        };
    }

    private static Transition down(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSED, CLOSING -> to(INITIAL);
            case STOPPED -> to(STARTING, TLS);
            case STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT -> to(STARTING);
            case OPENED -> to(STARTING, TLD);
        };
    }

    private static Transition open(State state) {
        return switch (state) {
            case INITIAL -> to(STARTING, TLS);
            case CLOSED -> to(REQ_SENT, IRC, SCR);
            case CLOSING -> to(STOPPING);
            case STARTING, STOPPED, STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT, OPENED -> to(state);
        };
    }

    private static Transition close(State state) {
        return switch (state) {
            case INITIAL, CLOSED, CLOSING -> to(state);
            case STARTING -> to(INITIAL, TLF);
            case STOPPED -> to(CLOSED);
            case STOPPING -> to(CLOSING);
            case REQ_SENT, ACK_RCVD, ACK_SENT -> to(CLOSING, IRC, STR);
            case OPENED -> to(CLOSING, TLD, IRC, STR);
        };
    }

    private static Transition timeout(State state) {
        return switch (state) {
            case CLOSING, STOPPING -> to(state, STR);
            case REQ_SENT, ACK_RCVD -> to(REQ_SENT, SCR);
            case ACK_SENT -> to(ACK_SENT, SCR);
            case INITIAL, STARTING, CLOSED, STOPPED, OPENED -> IMPOSSIBLE;
        };
    }

    private static Transition lastTimeout(State state) {
        return switch (state) {
            case CLOSING -> to(CLOSED, TLF);
            case STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT -> to(STOPPED, TLF);
            case INITIAL, STARTING, CLOSED, STOPPED, OPENED -> IMPOSSIBLE;
        };
    }

    private static Transition goodRequest(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSED -> to(CLOSED, STA);
            case STOPPED -> to(ACK_SENT, IRC, SCR, SCA);
            case CLOSING, STOPPING -> to(state);
            case REQ_SENT, ACK_SENT -> to(ACK_SENT, SCA);
            case ACK_RCVD -> to(OPENED, SCA, TLU);
            case OPENED -> to(ACK_SENT, TLD, SCR, SCA);
        };
    }

    private static Transition badRequest(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSED -> to(CLOSED, STA);
            case STOPPED -> to(REQ_SENT, IRC, SCR, SCN);
            case CLOSING, STOPPING -> to(state);
            case REQ_SENT, ACK_SENT -> to(REQ_SENT, SCN);
            case ACK_RCVD -> to(ACK_RCVD, SCN);
            case OPENED -> to(REQ_SENT, TLD, SCR, SCN);
        };
    }

    private static Transition ack(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSED, STOPPED -> to(state, STA);
            case CLOSING, STOPPING -> to(state);
            case REQ_SENT -> to(ACK_RCVD, IRC);
            case ACK_RCVD -> to(REQ_SENT, SCR);
            case ACK_SENT -> to(OPENED, IRC, TLU);
            case OPENED -> to(REQ_SENT, TLD, SCR);
        };
    }

    private static Transition nakOrReject(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSED, STOPPED -> to(state, STA);
            case CLOSING, STOPPING -> to(state);
            case REQ_SENT -> to(REQ_SENT, IRC, SCR);
            case ACK_RCVD -> to(REQ_SENT, SCR);
            case ACK_SENT -> to(ACK_SENT, IRC, SCR);
            case OPENED -> to(REQ_SENT, TLD, SCR);
        };
    }

    private static Transition terminateRequest(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSED, STOPPED, CLOSING, STOPPING -> to(state, STA);
            case REQ_SENT, ACK_RCVD, ACK_SENT -> to(REQ_SENT, STA);
            case OPENED -> to(STOPPING, TLD, ZRC, STA);
        };
    }

    private static Transition terminateAck(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSING -> to(CLOSED, TLF);
            case STOPPING -> to(STOPPED, TLF);
            case CLOSED, STOPPED, REQ_SENT, ACK_SENT -> to(state);
            case ACK_RCVD -> to(REQ_SENT);
            case OPENED -> to(REQ_SENT, TLD, SCR);
        };
    }

    private static Transition permittedReject(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case ACK_RCVD -> to(REQ_SENT);
            case CLOSED, STOPPED, CLOSING, STOPPING, REQ_SENT, ACK_SENT, OPENED -> to(state);
        };
    }

    private static Transition catastrophicReject(State state) {
        return switch (state) {
            case INITIAL, STARTING -> IMPOSSIBLE;
            case CLOSED, CLOSING -> to(CLOSED, TLF);
            case STOPPED, STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT -> to(STOPPED, TLF);
            case OPENED -> to(STOPPING, TLD, IRC, STR);
        };
    }

    private static boolean lowerLayerIsDown(State state) {
        return state == INITIAL || state == STARTING;
    }

    private static Transition to(State next, Act... acts) {
        return new Transition(next, List.of(acts));
    }
}
