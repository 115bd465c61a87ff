package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.lcp.Lcp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Collects what a link wants done during one call. */
final class LinkOutput {

    private final Lcp lcp;
    private final Set<LoginStep> reached = EnumSet.noneOf(LoginStep.class);
    private List<LinkAction> actions = new ArrayList<>();
    private int questions;

    /** @param lcp knows how the peer wants its frames */
    LinkOutput(Lcp lcp) {
        this.lcp = lcp;
    }

    void emit(LinkAction action) {
        if (!(action instanceof LinkAction.StepDone(LoginStep step)) || reached.add(step)) {
            actions.add(action);
        }
    }

    /** Asks; returns the question's number, which no other one of this link has. */
    int ask(LoginQuestion question) {
        questions++;
        actions.add(new LinkAction.Ask(questions, question));
        return questions;
    }

    void send(int protocol, ControlPacket packet) {
        send(protocol, packet.encode());
    }

    void send(int protocol, byte[] information) {
        boolean acfc = lcp.state() == Automaton.State.OPENED && lcp.result().peerTakesAcfc();
        // All control protocols' numbers have two bytes, so that PFC makes no difference here.
        actions.add(new LinkAction.Send(new PppFrame(protocol, information).encode(acfc, false)));
    }

    /** What was collected since the last time. */
    List<LinkAction> drain() {
        List<LinkAction> drained = actions;
        actions = new ArrayList<>();
        return drained;
    }
}
