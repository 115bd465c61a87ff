package io.pptpoperator.protocol.ppp.lcp;

import java.util.HexFormat;

/** Text that a peer chose, made fit for a log line: printable ASCII, and not much of it. */
final class PeerText {

    private static final int MAX_BYTES = 64;
    /** How Windows begins the reason in its Terminate-Requests, behind its magic number. */
    private static final int WINDOWS_MARK = 0x003ccd74;

    private PeerText() {}

    /** {@code data} from {@code offset} on: as text when all of it is printable, else in hexadecimal. */
    static String of(byte[] data, int offset) {
        int end = Math.min(data.length, offset + MAX_BYTES);
        StringBuilder text = new StringBuilder();
        boolean printable = true;
        for (int i = offset; i < end; i++) {
            printable &= data[i] >= ' ' && data[i] <= '~';
            text.append((char) data[i]);
        }
        String shown = printable ? text.toString() : HexFormat.of().formatHex(data, offset, end);
        return end < data.length ? shown + "…" : shown;
    }

    /** What the data of a Terminate-Request says: Windows sends an error number, most others a text or nothing. */
    static String ofTerminateRequest(byte[] data) {
        if (data.length == 0) {
            return "the peer closed the link";
        }
        if (data.length == 12 && int32(data, 4) == WINDOWS_MARK) {
            int error = int32(data, 8);
            return error == 0 ? "the peer closed the link" : "the peer closed the link with Windows error " + error;
        }
        return "the peer closed the link: " + of(data, 0);
    }

    private static int int32(byte[] data, int offset) {
        return (data[offset] & 0xff) << 24 | (data[offset + 1] & 0xff) << 16 | (data[offset + 2] & 0xff) << 8
                | data[offset + 3] & 0xff;
    }
}
