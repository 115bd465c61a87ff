package io.pptpoperator.protocol.control;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;

/**
 * Messages and their bytes, laid out by hand after the figures of RFC 2637 section 2, at least one of each type. Those
 * named "Windows" are the example of MS-PTPT section 4.
 */
public final class GoldenVectors {

    record Vector(String name, ControlMessage message, String layout) {

        byte[] bytes() {
            return hex(layout);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String MAGIC = " 0001 1a2b3c4d ";

    private GoldenVectors() {}

    static final List<Vector> ALL = List.of(
            new Vector("Windows Start-Control-Connection-Request",
                    new StartControlConnectionRequest(0x0100, 1, 1, 0, 0, TextField.EMPTY, new TextField("Microsoft")),
                    "009c" + MAGIC + "0001 0000 0100 0000 00000001 00000001 0000 0000 00*64"
                            + " 4d6963726f736f6674 00*55"),
            new Vector("Windows Start-Control-Connection-Reply",
                    new StartControlConnectionReply(0x0100, 1, 0, 1, 1, 0, 0, TextField.EMPTY,
                            new TextField("Microsoft")),
                    "009c" + MAGIC + "0002 0000 0100 01 00 00000001 00000001 0000 0000 00*64"
                            + " 4d6963726f736f6674 00*55"),
            new Vector("Start-Control-Connection-Reply with every field different",
                    new StartControlConnectionReply(0x0102, 3, 4, 0x05060708, 0x090a0b0c, 0x0d0e, 0x0f10,
                            new TextField("host"), new TextField("vendor")),
                    "009c" + MAGIC + "0002 0000 0102 03 04 05060708 090a0b0c 0d0e 0f10 686f7374 00*60"
                            + " 76656e646f72 00*58"),
            new Vector("Windows Stop-Control-Connection-Request", new StopControlConnectionRequest(1),
                    "0010" + MAGIC + "0003 0000 01 00 0000"),
            new Vector("Windows Stop-Control-Connection-Reply", new StopControlConnectionReply(1, 0),
                    "0010" + MAGIC + "0004 0000 01 00 0000"),
            new Vector("Stop-Control-Connection-Reply with an error", new StopControlConnectionReply(2, 5),
                    "0010" + MAGIC + "0004 0000 02 05 0000"),
            new Vector("Echo-Request", new EchoRequest(0xdeadbeef), "0010" + MAGIC + "0005 0000 deadbeef"),
            new Vector("Echo-Reply", new EchoReply(0xdeadbeef, 2, 1), "0014" + MAGIC + "0006 0000 deadbeef 02 01 0000"),
            new Vector("Windows Outgoing-Call-Request",
                    new OutgoingCallRequest(64234, 1, 300, 100_000_000, 3, 3, 64, 0, TextField.EMPTY,
                            TextField.read(hex("e3572a57e0a2bd41b826f1454106f261"))),
                    "00a8" + MAGIC + "0007 0000 faea 0001 0000012c 05f5e100 00000003 00000003 0040 0000 0000 0000"
                            + " 00*64 e3572a57e0a2bd41b826f1454106f261 00*48"),
            new Vector("Outgoing-Call-Request with every field different",
                    new OutgoingCallRequest(0x0102, 0x0304, 0x85060708L, 0x890a0b0cL, 0x0d0e0f10, 0x11121314, 0x1516,
                            0x1718, new TextField("RELAY_PPP1"), new TextField("sub")),
                    "00a8" + MAGIC + "0007 0000 0102 0304 85060708 890a0b0c 0d0e0f10 11121314 1516 1718 000a 0000"
                            + " 52454c41595f50505031 00*54 737562 00*61"),
            new Vector("Windows Outgoing-Call-Reply",
                    new OutgoingCallReply(58378, 64234, 1, 0, 0, 5317890, 16384, 0, 0),
                    "0020" + MAGIC + "0008 0000 e40a faea 01 00 0000 00512502 4000 0000 00000000"),
            new Vector("Outgoing-Call-Reply with every field different",
                    new OutgoingCallReply(0x0102, 0x0304, 5, 6, 0x0708, 0x890a0b0cL, 0x0d0e, 0x0f10, 0x91121314),
                    "0020" + MAGIC + "0008 0000 0102 0304 05 06 0708 890a0b0c 0d0e 0f10 91121314"),
            new Vector("Incoming-Call-Request",
                    new IncomingCallRequest(0x0102, 0x0304, 0x05060708, 0x090a0b0c, new TextField("12"),
                            new TextField("3456"), new TextField("sub")),
                    "00dc" + MAGIC + "0009 0000 0102 0304 05060708 090a0b0c 0002 0004 3132 00*62 33343536 00*60"
                            + " 737562 00*61"),
            new Vector("Incoming-Call-Reply", new IncomingCallReply(0x0102, 0x0304, 5, 6, 0x0708, 0x090a),
                    "0018" + MAGIC + "000a 0000 0102 0304 05 06 0708 090a 0000"),
            new Vector("Incoming-Call-Connected",
                    new IncomingCallConnected(0x0102, 0x83040506L, 0x0708, 0x090a, 0x0b0c0d0e),
                    "001c" + MAGIC + "000b 0000 0102 0000 83040506 0708 090a 0b0c0d0e"),
            new Vector("Call-Clear-Request", new CallClearRequest(64234), "0010" + MAGIC + "000c 0000 faea 0000"),
            new Vector("Windows Call-Disconnect-Notify", new CallDisconnectNotify(58378, 0, 0),
                    "0094" + MAGIC + "000d 0000 e40a 00 00 0000 0000 00*128"),
            new Vector("Call-Disconnect-Notify with every field different",
                    new CallDisconnectNotify(0x0102, 3, 4, 0x0506, new TextField("statistics")),
                    "0094" + MAGIC + "000d 0000 0102 03 04 0506 0000 73746174697374696373 00*118"),
            new Vector("WAN-Error-Notify",
                    new WanErrorNotify(0x0102, 0x83040506L, 0x0708090aL, 0x0b0c0d0eL, 0x0f101112L, 0x13141516L,
                            0x1718191aL),
                    "0028" + MAGIC + "000e 0000 0102 0000 83040506 0708090a 0b0c0d0e 0f101112 13141516 1718191a"),
            new Vector("Set-Link-Info", new SetLinkInfo(0x0102, 0xffffffff, 0x000a0000),
                    "0018" + MAGIC + "000f 0000 0102 0000 ffffffff 000a0000"));

    /** Bytes of hexadecimal text, in which {@code 00*64} stands for 64 zero bytes. */
    public static byte[] hex(String layout) {
        var out = new ByteArrayOutputStream();
        for (String token : layout.trim().split(" +", -1)) {
            if (token.startsWith("00*")) {
                out.writeBytes(new byte[Integer.parseInt(token.substring(3))]);
            } else {
                out.writeBytes(HexFormat.of().parseHex(token));
            }
        }
        return out.toByteArray();
    }
}
