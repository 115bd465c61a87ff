package io.pptpoperator.protocol.ppp.ccp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CcpTest {

    private static final List<Integer> EVERY_STRENGTH = List.of(128, 56, 40);

    private final List<CcpAction> out = new ArrayList<>();
    private final long now = 7_000;

    @Test
    void asksForEveryStrengthAllowedStateless() {
        assertThat(start(ccp(EncryptionPolicy.REQUIRED, EVERY_STRENGTH, false)).data()).isEqualTo(hex("1206010000e0"));
        assertThat(start(ccp(EncryptionPolicy.REQUIRED, List.of(56, 40), false)).data()).isEqualTo(hex("1206010000a0"));
        assertThat(start(ccp(EncryptionPolicy.REQUIRED, List.of(40), false)).data()).isEqualTo(hex("120601000020"));
    }

    /** Bits: 01000000 stateless, 80 56 bits, 40 128 bits, 20 40 bits, 10 obsolete, 01 MPPC. */
    @ParameterizedTest
    @CsvSource({"010000e0, 01000040", "010000e1, 01000040", "01000041, 01000040", "01000050, 01000040",
            "000000e0, 01000040", "00000040, 01000040", "01000000, 01000040", "00000001, 01000040",
            "00000010, 01000040", "000000a0, 01000080"})
    void naksWithExactlyOneChoiceTheStrongest(String offered, String choice) {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, EVERY_STRENGTH, false);
        start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 8, "1206" + offered);
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_NAK, 8, "1206" + choice));
    }

    @Test
    void naksAWeakerStrengthThanAllowed() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, List.of(128), false);
        start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 8, "120601000020");
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_NAK, 8, "120601000040"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "128     | 01000020 | the peer insists on MPPE with 40 bits, and only 128 bits are allowed here: pppd 2.5",
            "128     | 010000a0 | the peer insists on MPPE with 56 or 40 bits, and only 128 bits are allowed here",
            "56 40   | 01000040 | the peer insists on MPPE with 128 bits, and only 56 or 40 bits are allowed here",
            "128     | 00000040 | the peer insists on stateful MPPE, and only stateless is allowed here",
            "128 40  | 01000020 | -", "128     | 010000e0 | -", "128     | 00000001 | -"})
    void whatEachEndInsistsOnIsTold(String allowed, String asked, String told) {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, Stream.of(allowed.split(" ")).map(Integer::valueOf).toList(), false);
        start(ccp);
        assertThat(ccp.disagreement()).isEmpty();
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 8, "1206" + asked);
        assertThat(ccp.disagreement().orElse(null))
                .matches(text -> told == null ? text == null : text.startsWith(told));
        sent();

        Ccp nakked = ccp(EncryptionPolicy.REQUIRED, Stream.of(allowed.split(" ")).map(Integer::valueOf).toList(),
                false);
        ControlPacket request = start(nakked);
        receive(nakked, ControlCode.CONFIGURE_NAK, request.id(), "1206" + asked);
        assertThat(nakked.disagreement()).isEqualTo(ccp.disagreement());
    }

    @ParameterizedTest
    @CsvSource({"01000040, 128", "01000080, 56", "01000020, 40"})
    void takesASingleStatelessChoice(String offered, int bits) {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, EVERY_STRENGTH, true);
        start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 8, "1206" + offered);
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_ACK, 8, "1206" + offered));
        assertThat(ccp.send()).contains(new MppeParameters(bits, true));
    }

    @Test
    void statefulIsTakenOnlyWhenAllowedAndStatelessKeptWhenOffered() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, EVERY_STRENGTH, true);
        start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 8, "120600000040");
        assertThat(sent().getFirst().code()).isEqualTo(ControlCode.CONFIGURE_ACK);
        assertThat(ccp.send()).contains(new MppeParameters(128, false));
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 9, "1206010000e0");
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_NAK, 9, "120601000040"));
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 10, "1206000000e0");
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_NAK, 10, "120600000040"));
    }

    @Test
    void eachDirectionHasItsOwnParameters() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, List.of(128, 40), true);
        ControlPacket request = start(ccp);
        receive(ccp, ControlCode.CONFIGURE_NAK, request.id(), "120600000020");
        ControlPacket weaker = sent().getFirst();
        assertThat(weaker.data()).isEqualTo(hex("120600000020"));
        receive(ccp, ControlCode.CONFIGURE_ACK, weaker.id(), "120600000020");
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 3, "120601000040");
        assertThat(ccp.state()).isEqualTo(Automaton.State.OPENED);
        assertThat(ccp.receive()).contains(new MppeParameters(40, false));
        assertThat(ccp.send()).contains(new MppeParameters(128, true));
    }

    @Test
    void nakForWhatIsNotAllowedChangesNothing() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, List.of(128), false);
        ControlPacket request = start(ccp);
        receive(ccp, ControlCode.CONFIGURE_NAK, request.id(), "120601000020");
        assertThat(sent().getFirst().data()).isEqualTo(hex("120601000040"));
        receive(ccp, ControlCode.CONFIGURE_NAK, sent().getFirst().id(), "120600000040");
        assertThat(sent().getFirst().data()).isEqualTo(hex("120601000040"));
        receive(ccp, ControlCode.CONFIGURE_NAK, sent().getFirst().id(), "12040040");
        assertThat(sent().getFirst().data()).isEqualTo(hex("120601000040"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1a047800", "18047800", "15032f", "0102", "1104aaaa", "1203aa", "12070100004000"})
    void otherCompressorsAreRejected(String option) {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, EVERY_STRENGTH, false);
        start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 8, option);
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_REJECT, 8, option));
    }

    @Test
    void emptyRequestIsRemindedOfEncryption() {
        Ccp ccp = ccp(EncryptionPolicy.PREFERRED, List.of(128), false);
        start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 8, "");
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_NAK, 8, "120601000040"));
    }

    @Test
    void takesTheOneStrengthThatThePeerChooses() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, EVERY_STRENGTH, false);
        ControlPacket request = start(ccp);
        receive(ccp, ControlCode.CONFIGURE_NAK, request.id(), "120601000020");
        assertThat(sent().getFirst().data()).isEqualTo(hex("120601000020"));
    }

    @Test
    void rejectedEncryptionIsAFailureWhenRequired() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, List.of(128), false);
        ControlPacket request = start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REJECT, request.id(), "120601000040");
        assertThat(ccp.failure()).contains("the peer refuses encryption (MPPE with 128 bits), which is required here");
    }

    @Test
    void rejectedEncryptionOpensEmptyWhenPreferred() {
        Ccp ccp = ccp(EncryptionPolicy.PREFERRED, List.of(128), false);
        ControlPacket request = start(ccp);
        receive(ccp, ControlCode.CONFIGURE_REJECT, request.id(), "120601000040");
        ControlPacket empty = sent().getFirst();
        assertThat(empty.data()).isEmpty();
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 4, "");
        receive(ccp, ControlCode.CONFIGURE_ACK, empty.id(), "");
        assertThat(ccp.state()).isEqualTo(Automaton.State.OPENED);
        assertThat(ccp.send()).isEmpty();
        assertThat(ccp.receive()).isEmpty();
    }

    @Test
    void resetRequestIsToldAndAcknowledged() {
        Ccp ccp = open();
        receive(ccp, ControlCode.RESET_REQUEST, 14, "");
        assertThat(out.getFirst()).isEqualTo(new CcpAction.ResetRequested());
        assertThat(sent()).containsExactly(packet(ControlCode.RESET_ACK, 14, ""));
        receive(ccp, ControlCode.RESET_ACK, 14, "");
        assertThat(out).containsExactly(new CcpAction.ResetAcknowledged());
    }

    @Test
    void resetsOutsideOpenedAreDiscarded() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, List.of(128), false);
        start(ccp);
        receive(ccp, ControlCode.RESET_REQUEST, 14, "");
        assertThat(out).isEmpty();
        receive(ccp, ControlCode.RESET_ACK, 14, "");
        assertThat(out).isEmpty();
        ccp.requestReset(now, out);
        assertThat(out).isEmpty();
    }

    @Test
    void resetIsRequestedWithoutDataAndNotForEveryPacket() {
        Ccp ccp = open();
        out.clear();
        ccp.requestReset(now, out);
        ccp.requestReset(now + 99, out);
        assertThat(sent()).hasSize(1);
        assertThat(sent().getFirst().code()).isEqualTo(ControlCode.RESET_REQUEST);
        assertThat(sent().getFirst().data()).isEmpty();
        ccp.requestReset(now + 100, out);
        assertThat(sent()).hasSize(2);
    }

    @Test
    void strengthsDependOnTheKeys() {
        var settings = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40, 128, 56), false);
        byte[] key = new byte[16];
        byte[] shortKey = new byte[8];
        assertThat(settings.possibleWith(new MppeStartKeys(key, key, shortKey, shortKey))).containsExactly(128, 56, 40);
        assertThat(settings.possibleWith(new MppeStartKeys(key, key, null, null))).containsExactly(128);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(), false))
                .hasMessageContaining("encryption is required, but no key length");
        assertThatThrownBy(() -> new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(64), false))
                .hasMessageContaining("not 64");
    }

    private static Ccp ccp(EncryptionPolicy policy, List<Integer> strengths, boolean stateful) {
        return new Ccp(new EncryptionSettings(policy, Set.copyOf(strengths), stateful), strengths, 1400,
                RestartPolicy.STANDARD);
    }

    private Ccp open() {
        Ccp ccp = ccp(EncryptionPolicy.REQUIRED, List.of(128), false);
        ControlPacket request = start(ccp);
        receive(ccp, ControlCode.CONFIGURE_ACK, request.id(), "120601000040");
        receive(ccp, ControlCode.CONFIGURE_REQUEST, 1, "120601000040");
        assertThat(ccp.state()).isEqualTo(Automaton.State.OPENED);
        return ccp;
    }

    private ControlPacket start(Ccp ccp) {
        out.clear();
        ccp.start(now, out);
        return sent().getFirst();
    }

    private void receive(Ccp ccp, int code, int id, String data) {
        out.clear();
        ccp.receive(packet(code, id, data), now, out);
    }

    private List<ControlPacket> sent() {
        List<ControlPacket> packets = new ArrayList<>();
        for (CcpAction action : out) {
            if (action instanceof CcpAction.Layer(LayerAction.Send(ControlPacket packet))) {
                packets.add(packet);
            }
        }
        return packets;
    }

    private static ControlPacket packet(int code, int id, String data) {
        return new ControlPacket(code, id, hex(data));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
