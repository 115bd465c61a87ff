package io.pptpoperator.protocol.ppp;

/** What an automaton asks its owner to do, in this order: the actions of RFC 1661 section 4.4 that have an effect. */
public sealed interface LayerAction {

    /** Send a packet under the automaton's protocol. */
    record Send(ControlPacket packet) implements LayerAction {}

    /** tlu: the protocol is Opened. */
    record ThisLayerUp() implements LayerAction {}

    /** tld: the protocol is no longer Opened. */
    record ThisLayerDown() implements LayerAction {}

    /** tls: the lower layer is wanted. */
    record ThisLayerStarted() implements LayerAction {}

    /** tlf: the lower layer is not wanted any more. */
    record ThisLayerFinished() implements LayerAction {}

    /** ser: the Echo-Request that came in deserves an answer. */
    record SendEchoReply(ControlPacket request) implements LayerAction {}
}
