package io.pptpoperator.protocol.ppp.lcp;

import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.LayerAction;

/** What LCP asks its link to do, in this order. */
public sealed interface LcpAction {

    /** What the automaton says. */
    record Layer(LayerAction action) implements LcpAction {}

    /** The peer does not know {@code protocol}, as it says in {@code reject} (RFC 1661 section 5.7). */
    record ProtocolRejected(int protocol, ControlPacket reject) implements LcpAction {}

    /** The peer asks to end the link; {@code text} is a sentence about its reason. */
    record TerminationRequested(String text) implements LcpAction {}

    /** What this end sends comes back to it (RFC 1661 section 6.4). */
    record LoopDetected() implements LcpAction {}

    /** The peer has been silent for too long; {@code text} is a sentence about that. */
    record PeerSilent(String text) implements LcpAction {}

    /**
     * The peer has begun anew, and numbers its packets anew as well: what it sent was heard although its number was out
     * of order.
     */
    record PeerStartedOver() implements LcpAction {}

    /** The peer tells the name of its computer. */
    record PeerComputer(String name) implements LcpAction {}

    /** Something worth a log line. */
    record Note(String text) implements LcpAction {}
}
