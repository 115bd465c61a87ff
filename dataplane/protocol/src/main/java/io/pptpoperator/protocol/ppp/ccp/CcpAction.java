package io.pptpoperator.protocol.ppp.ccp;

import io.pptpoperator.protocol.ppp.LayerAction;

/** What CCP asks its link to do, in this order. */
public sealed interface CcpAction {

    /** What the automaton says. */
    record Layer(LayerAction action) implements CcpAction {}

    /** The peer lost the thread and wants this end's encryption to start over; the Reset-Ack follows. */
    record ResetRequested() implements CcpAction {}

    /** The peer's CCP is open no longer; {@code text} is a sentence about how it said so. */
    record PeerLeft(String text) implements CcpAction {}

    /** The peer has started over, as it was asked to. */
    record ResetAcknowledged() implements CcpAction {}
}
