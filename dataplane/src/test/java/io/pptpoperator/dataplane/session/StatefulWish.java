package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.mppe.MppeParameters;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a client out of ours that insists on stateful MPPE, as pppd does with {@code mppe-stateful}: it stands between
 * the client's CCP, which never asks for that, and the tunnel, and changes the option's H bit (RFC 3078 section 2.1) in
 * what passes.
 */
final class StatefulWish {
    /** What CCP agreed on, over the wire. */
    static final MppeParameters AGREED = new MppeParameters(128, false);

    private static final HexFormat HEX = HexFormat.of();
    private static final int CONFIGURE_REQUEST = 1;
    private static final int CONFIGURE_NAK = 3;
    private static final byte[] STATELESS = HEX.parseHex("120601000040");
    private static final byte[] STATEFUL = HEX.parseHex("120600000040");

    private StatefulWish() {}

    /** What goes out instead of {@code frame}. */
    static byte[] outgoing(byte[] frame) {
        return isCcp(frame) ? replaced(frame, STATELESS, STATEFUL) : frame;
    }

    /** What the client sees instead of {@code frame}; nothing when it was answered for the client. */
    static Optional<byte[]> incoming(byte[] frame, Consumer<byte[]> answer) {
        if (!isCcp(frame)) {
            return Optional.of(frame);
        }
        int code = frame.length - 4 - STATELESS.length;
        if (frame[code] == CONFIGURE_REQUEST && endsWith(frame, STATELESS)) {
            byte[] nak = replaced(frame, STATELESS, STATEFUL);
            nak[code] = CONFIGURE_NAK;
            answer.accept(nak);
            return Optional.empty();
        }
        return Optional.of(replaced(frame, STATEFUL, STATELESS));
    }

    private static boolean isCcp(byte[] frame) {
        return ClientTunnel.protocolOf(frame) == 0x80fd && frame.length >= 4 + STATELESS.length;
    }

    private static byte[] replaced(byte[] frame, byte[] before, byte[] after) {
        byte[] changed = frame.clone();
        if (endsWith(frame, before)) {
            System.arraycopy(after, 0, changed, frame.length - after.length, after.length);
        }
        return changed;
    }

    private static boolean endsWith(byte[] frame, byte[] option) {
        return Arrays.equals(frame, frame.length - option.length, frame.length, option, 0, option.length);
    }
}
