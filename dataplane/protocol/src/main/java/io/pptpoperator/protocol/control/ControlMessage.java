package io.pptpoperator.protocol.control;

/**
 * One of the 15 control messages (RFC 2637 section 2). Values that the RFC does not define, and values that are wrong,
 * are kept as they were received: clients and servers fill many fields at random, and only the state machine knows
 * which of them matter. 8- and 16-bit fields and bit masks are {@code int}, 32-bit quantities are {@code long}.
 */
public sealed interface ControlMessage extends ControlFrame
        permits StartControlConnectionRequest, StartControlConnectionReply, StopControlConnectionRequest,
        StopControlConnectionReply, EchoRequest, EchoReply, OutgoingCallRequest, OutgoingCallReply, IncomingCallRequest,
        IncomingCallReply, IncomingCallConnected, CallClearRequest, CallDisconnectNotify, WanErrorNotify, SetLinkInfo {

    /** The protocol version this package speaks: version 1, revision 0 (RFC 2637 section 1.4). */
    int VERSION = 0x0100;

    /** Its type, with number and length. */
    ControlMessageType type();
}
