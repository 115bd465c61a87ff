package io.pptpoperator.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rule that no byte of IP passes in clear, either way, where encryption is required, agreed, or has ever begun. It is
 * asked of bytes: what goes in on one side, and whether it comes out on the other.
 */
class NoByteInClearTest {
    private static final MppeParameters MPPE = new MppeParameters(128, true);
    private static final byte[] PACKET = End.ipPacket(84, 0x5a);

    /** What CCP can do to a tunnel. */
    enum Step {
        DECRYPT, ENCRYPT, STOP
    }

    private static void take(Step step, End end) {
        switch (step) {
            case DECRYPT -> end.decrypt(MPPE);
            case ENCRYPT -> end.encrypt(MPPE);
            case STOP -> end.state.stopEncryption();
        }
    }

    /** Whether a packet in clear of the other end gets through. */
    private static boolean accepts(End end, End other) {
        int before = end.ip.size();
        int dropped = end.drops.size();
        end.receive(other.packetInClear(PACKET));
        boolean through = end.ip.size() > before;
        if (through) {
            assertThat(end.ip.getLast()).isEqualTo(PACKET);
        } else {
            assertThat(end.drops.subList(dropped, end.drops.size())).containsExactly(TunnelDrop.NOT_ENCRYPTED);
        }
        assertThat(end.state.acceptsClear()).isEqualTo(through);
        return through;
    }

    /** Whether a packet leaves in clear. What leaves otherwise must be encrypted, and nothing that must not leave does. */
    private static boolean sends(End end) {
        if (!end.state.sendsIp()) {
            assertThatIllegalStateException().isThrownBy(() -> end.packet(PACKET));
            assertThat(end.state.sendsClear()).isFalse();
            return false;
        }
        byte[] packet = end.packet(PACKET);
        boolean clear = End.protocolIn(packet) == PppProtocol.IPV4;
        if (!clear) {
            assertThat(End.protocolIn(packet)).isEqualTo(PppProtocol.COMPRESSED);
            assertThat(contains(packet, 0x5a, 4)).as("plain text in an encrypted packet").isFalse();
        }
        assertThat(end.state.sendsClear()).isEqualTo(clear);
        return clear;
    }

    private static boolean contains(byte[] bytes, int value, int times) {
        int run = 0;
        for (byte next : bytes) {
            run = next == value ? run + 1 : 0;
            if (run == times) {
                return true;
            }
        }
        return false;
    }

    static List<List<Step>> histories() {
        List<List<Step>> all = new ArrayList<>();
        all.add(List.of());
        for (int i = 0; all.get(i).size() < 5; i++) {
            for (Step step : Step.values()) {
                List<Step> longer = new ArrayList<>(all.get(i));
                longer.add(step);
                all.add(longer);
            }
        }
        return all;
    }

    /** Every sequence of up to five steps, looked at after each. */
    @Test
    void clearPassesOnlyWhereNothingDemandsEncryptionAndNoneIsOrWasAgreed() {
        int clear = 0;
        for (List<Step> history : histories()) {
            for (boolean required : new boolean[]{false, true}) {
                End end = End.server(required);
                End other = End.client(false);
                boolean everEncrypted = false;
                boolean decrypts = false;
                for (int i = 0; i <= history.size(); i++) {
                    boolean expected = !required && !everEncrypted && !decrypts;
                    String when = "required: " + required + ", after " + history.subList(0, i);
                    assertThat(accepts(end, other)).as("accepted in clear, " + when).isEqualTo(expected);
                    assertThat(sends(end)).as("sent in clear, " + when).isEqualTo(expected);
                    clear += expected ? 1 : 0;
                    if (i < history.size()) {
                        take(history.get(i), end);
                        everEncrypted |= history.get(i) == Step.ENCRYPT;
                        decrypts = history.get(i) == Step.DECRYPT || decrypts && history.get(i) != Step.STOP;
                    }
                }
            }
        }
        assertThat(histories()).hasSize(1 + 3 + 9 + 27 + 81 + 243);
        assertThat(clear).as("there are ways to pass in clear").isGreaterThan(100);
    }

    /** The same as a table, for those who read: keys that are there now, without a past. */
    @ParameterizedTest
    @CsvSource({"false, false, false, true, true", "false, true, false, false, false",
            "false, false, true, false, true", "false, true, true, false, true", "true, false, false, false, false",
            "true, true, false, false, false", "true, false, true, false, true", "true, true, true, false, true"})
    void whatPassesWithWhichKeys(boolean required, boolean decrypts, boolean encrypts, boolean clear,
            boolean anything) {
        End end = End.server(required);
        if (decrypts) {
            end.decrypt(MPPE);
        }
        if (encrypts) {
            end.encrypt(MPPE);
        }
        assertThat(accepts(end, End.client(false))).isEqualTo(clear);
        assertThat(sends(end)).isEqualTo(clear);
        assertThat(end.state.sendsIp()).isEqualTo(anything);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkOnceEncryptedIsNeverClearAgain(boolean required) {
        End end = End.server(required);
        End other = End.client(false);
        end.decrypt(MPPE);
        end.encrypt(MPPE);
        for (int i = 0; i < 3; i++) {
            end.state.stopEncryption();
            assertThat(accepts(end, other)).isFalse();
            assertThat(sends(end)).isFalse();
            assertThat(end.state.sendsIp()).isFalse();
        }
        end.encrypt(MPPE);
        assertThat(end.state.sendsIp()).as("encrypted again").isTrue();
        assertThat(accepts(end, other)).isFalse();
    }

    /** Preferred, and the peer has no MPPE: keys that were ready for it, and never used, do not close the link. */
    @Test
    void whereEncryptionIsPreferredAndRefusedIpPassesInClear() {
        End end = End.server(false);
        end.decrypt(MPPE);
        end.state.stopEncryption();
        assertThat(accepts(end, End.client(false))).isTrue();
        assertThat(sends(end)).isTrue();
    }

    /** A packet that waits for a missing one is judged when it is let go, not when it came. */
    @ParameterizedTest
    @EnumSource(value = Step.class, names = {"DECRYPT", "ENCRYPT"})
    void whatWasHeldIsJudgedByWhatHoldsWhenItComesOut(Step step) {
        End end = End.server(false);
        End other = End.client(false);
        end.receive(other.packetInClear(PACKET));
        byte[] missing = other.frame(new byte[]{(byte) 0xff, 3, (byte) 0xc0, 0x21, 9, 1, 0, 4});
        end.receive(other.packetInClear(PACKET));
        assertThat(end.held).isEqualTo(1);
        take(step, end);
        end.receive(missing);
        assertThat(end.ip).hasSize(1);
        assertThat(end.drops).containsExactly(TunnelDrop.NOT_ENCRYPTED);
    }

    /** An encrypted packet whose plain text is not of IPv4 or IPv6 is none; one without the bit is not encrypted. */
    @ParameterizedTest
    @MethodSource("notEncrypted")
    void anEncryptedFrameThatIsNotEncryptedDoesNotPass(byte[] frame) {
        End end = End.server(true);
        end.decrypt(MPPE);
        end.receive(End.client(false).frame(frame));
        assertThat(end.ip).isEmpty();
        assertThat(end.drops).containsExactly(TunnelDrop.MPPE_MALFORMED);
    }

    static List<byte[]> notEncrypted() {
        List<byte[]> frames = new ArrayList<>();
        for (int header : new int[]{0x0000, 0x8000, 0x9000}) {
            byte[] frame = new byte[8 + PACKET.length];
            byte[] start = {(byte) 0xff, 3, 0, (byte) 0xfd, (byte) (header >> 8), (byte) header, 0, 0x21};
            System.arraycopy(start, 0, frame, 0, start.length);
            System.arraycopy(PACKET, 0, frame, start.length, PACKET.length);
            frames.add(frame);
        }
        return frames;
    }
}
