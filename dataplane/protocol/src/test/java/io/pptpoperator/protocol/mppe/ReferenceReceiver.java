package io.pptpoperator.protocol.mppe;

import java.util.Arrays;
import javax.crypto.Cipher;

/** A stateful receiver in the slow, obvious way: as RFC 3078 section 8.2 has it, or as Linux does. */
final class ReferenceReceiver {
    private final ReferenceKeys keys;
    private final boolean linux;
    private Cipher stream;
    /** The count expected next. */
    private int expected;
    private boolean discarding;

    ReferenceReceiver(MppeParameters parameters, byte[] startKey, boolean linux) {
        keys = new ReferenceKeys(MppeStrength.of(parameters.keyBits()), startKey);
        stream = keys.cipher();
        this.linux = linux;
    }

    /** The plain text; null when the packet is of no use, and the sender has to be asked for a reset. */
    byte[] decrypt(byte[] packet) {
        boolean flushed = (packet[0] & 0x80) != 0;
        int count = (packet[0] & 0x0f) << 8 | packet[1] & 0xff;
        if (linux) {
            if (!discarding && count != expected) {
                discarding = true;
                return null;
            }
            if (discarding && !flushed) {
                return null;
            }
            for (int block = expected >> 8; block != count >> 8; block = block + 1 & 0xf) {
                keys.advance();
            }
            if (flushed) {
                keys.advance();
            }
        } else {
            if (!flushed && (discarding || count != expected)) {
                discarding = true;
                return null;
            }
            for (int missed = expected; missed != count; missed = missed + 1 & 0xfff) {
                changeKeyAtFlagPacket(missed);
            }
            changeKeyAtFlagPacket(count);
        }
        discarding = false;
        expected = count + 1 & 0xfff;
        if (flushed) {
            stream = keys.cipher();
        }
        return stream.update(Arrays.copyOfRange(packet, 2, packet.length));
    }

    private void changeKeyAtFlagPacket(int count) {
        if ((count & 0xff) == 0xff) {
            keys.advance();
        }
    }
}
