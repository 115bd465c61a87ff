package io.pptpoperator.protocol.control;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The control messages' bytes (RFC 2637 section 2). Reserved fields are ignored when received and zero when sent. All
 * numbers are in network order.
 */
public final class ControlMessageCodec {

    /** Bytes of every text field but Call Statistics. */
    private static final int TEXT = 64;
    private static final int STATISTICS = 128;

    private ControlMessageCodec() {}

    /**
     * Decodes one message.
     *
     * @param message exactly the message's bytes; its position moves behind them
     * @throws ControlMessageException when they are anything but one whole message of a known type
     */
    public static ControlMessage decode(ByteBuffer message) {
        int available = message.remaining();
        ControlHeader header = ControlHeader.peek(message)
                .orElseThrow(() -> new ControlMessageException("Length", available,
                        "a header of " + ControlHeader.LENGTH + " bytes or more"));
        if (header.length() != available) {
            throw new ControlMessageException("Length", header.length(), available + ", the bytes that are there,");
        }
        ControlMessageType type = header.type()
                .orElseThrow(() -> header.messageType() == ControlHeader.MANAGEMENT
                        ? new ControlMessageException("PPTP Message Type", header.messageType(),
                                "1 for a control message")
                        : new ControlMessageException("Control Message Type", header.controlType(), "1 to 15"));
        ByteBuffer body = message.slice(message.position() + ControlHeader.LENGTH, available - ControlHeader.LENGTH);
        message.position(message.limit());
        return decodeBody(type, body);
    }

    /** Decodes what follows the header; {@code body} has the type's exact length. */
    static ControlMessage decodeBody(ControlMessageType type, ByteBuffer body) {
        var in = new FieldReader(body);
        return switch (type) {
            case START_CONTROL_CONNECTION_REQUEST -> {
                int version = in.u16();
                in.skip(2);
                yield new StartControlConnectionRequest(version, in.bits32(), in.bits32(), in.u16(), in.u16(),
                        in.text(TEXT), in.text(TEXT));
            }
            case START_CONTROL_CONNECTION_REPLY -> new StartControlConnectionReply(in.u16(), in.u8(), in.u8(),
                    in.bits32(), in.bits32(), in.u16(), in.u16(), in.text(TEXT), in.text(TEXT));
            case STOP_CONTROL_CONNECTION_REQUEST -> new StopControlConnectionRequest(in.u8());
            case STOP_CONTROL_CONNECTION_REPLY -> new StopControlConnectionReply(in.u8(), in.u8());
            case ECHO_REQUEST -> new EchoRequest(in.bits32());
            case ECHO_REPLY -> new EchoReply(in.bits32(), in.u8(), in.u8());
            case OUTGOING_CALL_REQUEST -> outgoingCallRequest(in);
            case OUTGOING_CALL_REPLY -> new OutgoingCallReply(in.u16(), in.u16(), in.u8(), in.u8(), in.u16(), in.u32(),
                    in.u16(), in.u16(), in.bits32());
            case INCOMING_CALL_REQUEST -> {
                int callId = in.u16();
                int serialNumber = in.u16();
                int bearerType = in.bits32();
                int channel = in.bits32();
                in.skip(4); // the lengths of the two numbers, which their padding tells as well
                yield new IncomingCallRequest(callId, serialNumber, bearerType, channel, in.text(TEXT), in.text(TEXT),
                        in.text(TEXT));
            }
            case INCOMING_CALL_REPLY -> new IncomingCallReply(in.u16(), in.u16(), in.u8(), in.u8(), in.u16(), in.u16());
            case INCOMING_CALL_CONNECTED -> {
                int peersCallId = in.u16();
                in.skip(2);
                yield new IncomingCallConnected(peersCallId, in.u32(), in.u16(), in.u16(), in.bits32());
            }
            case CALL_CLEAR_REQUEST -> new CallClearRequest(in.u16());
            case CALL_DISCONNECT_NOTIFY -> {
                int callId = in.u16();
                int resultCode = in.u8();
                int errorCode = in.u8();
                int causeCode = in.u16();
                in.skip(2);
                yield new CallDisconnectNotify(callId, resultCode, errorCode, causeCode, in.text(STATISTICS));
            }
            case WAN_ERROR_NOTIFY -> {
                int peersCallId = in.u16();
                in.skip(2);
                yield new WanErrorNotify(peersCallId, in.u32(), in.u32(), in.u32(), in.u32(), in.u32(), in.u32());
            }
            case SET_LINK_INFO -> {
                int peersCallId = in.u16();
                in.skip(2);
                yield new SetLinkInfo(peersCallId, in.bits32(), in.bits32());
            }
        };
    }

    private static OutgoingCallRequest outgoingCallRequest(FieldReader in) {
        int callId = in.u16();
        int serialNumber = in.u16();
        long minimumBps = in.u32();
        long maximumBps = in.u32();
        int bearerType = in.bits32();
        int framingType = in.bits32();
        int window = in.u16();
        int delay = in.u16();
        in.skip(4); // the phone number's length, which its padding tells as well, and a reserved field
        return new OutgoingCallRequest(callId, serialNumber, minimumBps, maximumBps, bearerType, framingType, window,
                delay, in.text(TEXT), in.text(TEXT));
    }

    /**
     * Encodes one message. Text that is too long for its field is cut off.
     *
     * @throws ControlMessageException when a number does not fit into its field
     */
    public static byte[] encode(ControlMessage message) {
        ControlMessageType type = message.type();
        var out = new FieldWriter(type.length());
        out.u16("Length", type.length()).u16("PPTP Message Type", ControlHeader.CONTROL);
        out.bits32(ControlHeader.MAGIC_COOKIE).u16("Control Message Type", type.number()).zero(2);
        switch (message) {
            case StartControlConnectionRequest m -> out.u16("Protocol Version", m.protocolVersion())
                    .zero(2)
                    .bits32(m.framingCapabilities())
                    .bits32(m.bearerCapabilities())
                    .u16("Maximum Channels", m.maximumChannels())
                    .u16("Firmware Revision", m.firmwareRevision())
                    .text(m.hostName(), TEXT)
                    .text(m.vendorName(), TEXT);
            case StartControlConnectionReply m -> out.u16("Protocol Version", m.protocolVersion())
                    .u8("Result Code", m.resultCode())
                    .u8("Error Code", m.errorCode())
                    .bits32(m.framingCapabilities())
                    .bits32(m.bearerCapabilities())
                    .u16("Maximum Channels", m.maximumChannels())
                    .u16("Firmware Revision", m.firmwareRevision())
                    .text(m.hostName(), TEXT)
                    .text(m.vendorName(), TEXT);
            case StopControlConnectionRequest m -> out.u8("Reason", m.reason()).zero(3);
            case StopControlConnectionReply m ->
                out.u8("Result Code", m.resultCode()).u8("Error Code", m.errorCode()).zero(2);
            case EchoRequest m -> out.bits32(m.identifier());
            case EchoReply m ->
                out.bits32(m.identifier()).u8("Result Code", m.resultCode()).u8("Error Code", m.errorCode()).zero(2);
            case OutgoingCallRequest m -> out.u16("Call ID", m.callId())
                    .u16("Call Serial Number", m.callSerialNumber())
                    .u32("Minimum BPS", m.minimumBps())
                    .u32("Maximum BPS", m.maximumBps())
                    .bits32(m.bearerType())
                    .bits32(m.framingType())
                    .u16("Packet Recv. Window Size", m.receiveWindowSize())
                    .u16("Packet Processing Delay", m.processingDelay())
                    .textLength(m.phoneNumber(), TEXT)
                    .zero(2)
                    .text(m.phoneNumber(), TEXT)
                    .text(m.subaddress(), TEXT);
            case OutgoingCallReply m -> out.u16("Call ID", m.callId())
                    .u16("Peer's Call ID", m.peersCallId())
                    .u8("Result Code", m.resultCode())
                    .u8("Error Code", m.errorCode())
                    .u16("Cause Code", m.causeCode())
                    .u32("Connect Speed", m.connectSpeed())
                    .u16("Packet Recv. Window Size", m.receiveWindowSize())
                    .u16("Packet Processing Delay", m.processingDelay())
                    .bits32(m.physicalChannelId());
            case IncomingCallRequest m -> out.u16("Call ID", m.callId())
                    .u16("Call Serial Number", m.callSerialNumber())
                    .bits32(m.bearerType())
                    .bits32(m.physicalChannelId())
                    .textLength(m.dialedNumber(), TEXT)
                    .textLength(m.dialingNumber(), TEXT)
                    .text(m.dialedNumber(), TEXT)
                    .text(m.dialingNumber(), TEXT)
                    .text(m.subaddress(), TEXT);
            case IncomingCallReply m -> out.u16("Call ID", m.callId())
                    .u16("Peer's Call ID", m.peersCallId())
                    .u8("Result Code", m.resultCode())
                    .u8("Error Code", m.errorCode())
                    .u16("Packet Recv. Window Size", m.receiveWindowSize())
                    .u16("Packet Transmit Delay", m.transmitDelay())
                    .zero(2);
            case IncomingCallConnected m -> out.u16("Peer's Call ID", m.peersCallId())
                    .zero(2)
                    .u32("Connect Speed", m.connectSpeed())
                    .u16("Packet Recv. Window Size", m.receiveWindowSize())
                    .u16("Packet Transmit Delay", m.transmitDelay())
                    .bits32(m.framingType());
            case CallClearRequest m -> out.u16("Call ID", m.callId()).zero(2);
            case CallDisconnectNotify m -> out.u16("Call ID", m.callId())
                    .u8("Result Code", m.resultCode())
                    .u8("Error Code", m.errorCode())
                    .u16("Cause Code", m.causeCode())
                    .zero(2)
                    .text(m.callStatistics(), STATISTICS);
            case WanErrorNotify m -> out.u16("Peer's Call ID", m.peersCallId())
                    .zero(2)
                    .u32("CRC Errors", m.crcErrors())
                    .u32("Framing Errors", m.framingErrors())
                    .u32("Hardware Overruns", m.hardwareOverruns())
                    .u32("Buffer Overruns", m.bufferOverruns())
                    .u32("Time-out Errors", m.timeoutErrors())
                    .u32("Alignment Errors", m.alignmentErrors());
            case SetLinkInfo m ->
                out.u16("Peer's Call ID", m.peersCallId()).zero(2).bits32(m.sendAccm()).bits32(m.receiveAccm());
        }
        return out.bytes();
    }

    /** Reads fields one after the other. */
    private record FieldReader(ByteBuffer in) {

        int u8() {
            return Byte.toUnsignedInt(in.get());
        }

        int u16() {
            return Short.toUnsignedInt(in.getShort());
        }

        long u32() {
            return Integer.toUnsignedLong(in.getInt());
        }

        int bits32() {
            return in.getInt();
        }

        TextField text(int length) {
            var bytes = new byte[length];
            in.get(bytes);
            return TextField.read(bytes);
        }

        void skip(int bytes) {
            in.position(in.position() + bytes);
        }
    }

    /** Writes fields one after the other, naming those whose value does not fit. */
    private static final class FieldWriter {

        private final byte[] bytes;
        private final ByteBuffer out;

        FieldWriter(int length) {
            bytes = new byte[length];
            out = ByteBuffer.wrap(bytes);
        }

        FieldWriter u8(String field, int value) {
            out.put((byte) checked(field, value, 0xFF));
            return this;
        }

        FieldWriter u16(String field, int value) {
            out.putShort((short) checked(field, value, 0xFFFF));
            return this;
        }

        FieldWriter u32(String field, long value) {
            out.putInt((int) checked(field, value, 0xFFFF_FFFFL));
            return this;
        }

        FieldWriter bits32(int value) {
            out.putInt(value);
            return this;
        }

        FieldWriter text(TextField text, int length) {
            out.put(Arrays.copyOf(text.bytes(), length));
            return this;
        }

        FieldWriter textLength(TextField text, int length) {
            out.putShort((short) Math.min(text.bytes().length, length));
            return this;
        }

        FieldWriter zero(int count) {
            out.position(out.position() + count);
            return this;
        }

        byte[] bytes() {
            return bytes;
        }

        private static long checked(String field, long value, long max) {
            if (value < 0 || value > max) {
                throw new ControlMessageException(field, value, "0 to " + max);
            }
            return value;
        }
    }
}
