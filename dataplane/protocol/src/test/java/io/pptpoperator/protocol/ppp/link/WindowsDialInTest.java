package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows 10 dials in: its options, in its order, with its detours. */
class WindowsDialInTest {

    /** MRU 1400, magic, PFC, ACFC; then callback, CBCP. */
    private static final String LCP_OPTIONS = "0104057805065ab3133707020802";
    private static final String CALLBACK = "0d0306";
    /** Address, DNS 1, WINS 1, DNS 2, WINS 2, all unknown. */
    private static final String IPCP_OPTIONS = "030600000000810600000000820600000000830600000000840600000000";

    @Test
    void connectsEncryptedWithAddressAndNameServers() {
        ScriptedPeer windows = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        establish(windows);
        assertThat(windows.witness.history()).containsExactly(new LinkAction.LcpOpened(1400, true, true),
                new LinkAction.StepDone(LoginStep.LCP));
        identify(windows);
        assertThat(windows.witness.history()).contains(new LinkAction.PeerComputer("MSEDGEWIN10"));
        windows.logsIn();

        ControlPacket mppe = windows.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        windows.isQuiet();
        windows.sends("80fd" + "0104000a" + "1206010000e1");
        windows.sends("8057" + "0105000e" + "010a00000000000000aa");
        windows.sends("8021" + "01060022" + IPCP_OPTIONS);
        ControlPacket choice = windows.next(PppProtocol.CCP, ControlCode.CONFIGURE_NAK);
        assertThat(choice.options().getFirst().asInt()).isEqualTo(0x01000040);
        ControlPacket noIpv6 = windows.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT);
        assertThat(noIpv6.data()).startsWith(0x80, 0x57, 1, 5, 0, 14);
        ControlPacket address = windows.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        ControlPacket noWins = windows.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REJECT);
        assertThat(noWins.id()).isEqualTo(6);
        assertThat(noWins.data()).isEqualTo(hex("820600000000840600000000"));

        windows.sends("80fd" + "0107000a" + ScriptedPeer.MPPE_128);
        windows.next(PppProtocol.CCP, ControlCode.CONFIGURE_ACK);
        windows.sends("8021" + "01080016" + "030600000000810600000000830600000000");
        ControlPacket values = windows.next(PppProtocol.IPCP, ControlCode.CONFIGURE_NAK);
        assertThat(values.data()).isEqualTo(hex("0306c0a80a64810608080808830672727272"));
        windows.acknowledges(PppProtocol.IPCP, address);
        windows.sends("8021" + "01090016" + "0306c0a80a64810608080808830672727272");
        windows.next(PppProtocol.IPCP, ControlCode.CONFIGURE_ACK);
        assertThat(windows.witness.isUp()).as("IPCP is open, but encryption is not").isFalse();
        windows.acknowledges(PppProtocol.CCP, mppe);

        windows.isQuiet();
        assertThat(windows.witness.network().addresses()).isEqualTo(LinkConfigs.PLAN);
        assertThat(windows.witness.mppe().send()).isEqualTo(new MppeParameters(128, true));
        assertThat(windows.witness.mppe().receive()).isEqualTo(new MppeParameters(128, true));
        assertThat(windows.witness.steps()).containsExactly(LoginStep.LCP, LoginStep.AUTHENTICATION,
                LoginStep.ENCRYPTION, LoginStep.ADDRESSES);
    }

    @Test
    void naksWeakerMethodsOneAfterTheOtherWhenTheyAreOfferedFirst() {
        List<AuthMethod> weakestFirst = List.of(AuthMethod.PAP, AuthMethod.CHAP_MD5, AuthMethod.MSCHAPV2);
        ScriptedPeer windows = new ScriptedPeer(LinkConfigs.server(LinkConfigs.PREFERRED, weakestFirst)).start();
        ControlPacket request = windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        windows.sends(PppProtocol.LCP, ControlCode.CONFIGURE_NAK, request.id(), "0305c22381");
        ControlPacket next = windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        assertThat(next.options().get(1).data()).as("one round trip, not two").isEqualTo(hex("c22381"));
    }

    @Test
    void lostFirstRequestIsRepeatedSoonAfterWindowsIsThere() {
        ScriptedPeer windows = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        ControlPacket lost = windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        windows.waits(300);
        windows.sends("ff03c021" + "01000015" + LCP_OPTIONS + CALLBACK);
        windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REJECT);
        windows.waits(500);
        assertThat(windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST)).isEqualTo(lost);
    }

    @Test
    void multilinkWindowsIsTalkedOutOfIt() {
        ScriptedPeer windows = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        String multilink = "1104064e" + "131701" + "00112233445566778899aabbccddeeff00010203";
        windows.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 0, LCP_OPTIONS + CALLBACK + multilink);
        assertThat(windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REJECT).data())
                .isEqualTo(hex(CALLBACK + multilink));
    }

    @Test
    void windowsWithoutEncryptionIsToldFromAFirewallByTheReason() {
        ScriptedPeer windows = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        establish(windows);
        windows.logsIn();
        ControlPacket ccp = windows.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        windows.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 9, "80fd" + HexFormat.of().formatHex(ccp.encode()));
        windows.agreesToEnd();
        windows.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "the peer has encryption switched off (it rejects CCP), which is required here");
    }

    @Test
    void windowsHangsUpWithItsErrorNumber() {
        ScriptedPeer windows = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).dialsIn();
        windows.sends(PppProtocol.LCP, ControlCode.TERMINATE_REQUEST, 11, "5ab31337003ccd74000002e6");
        windows.leavesProbesUnanswered();
        windows.next(PppProtocol.LCP, ControlCode.TERMINATE_ACK);
        assertThat(windows.witness.isUp()).isFalse();
        windows.waits(3_000);
        windows.endedWith(TerminationReason.PEER_REQUEST, "the peer closed the link with Windows error 742");
    }

    private static void establish(ScriptedPeer windows) {
        ControlPacket request = windows.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        assertThat(request.options().get(1).data()).isEqualTo(hex("c22381"));
        windows.sends("ff03c021" + "01000015" + LCP_OPTIONS + CALLBACK);
        assertThat(windows.nextFrame()).isEqualTo("ff03c021" + "04000007" + CALLBACK);
        windows.acknowledges(PppProtocol.LCP, request);
        windows.sends("ff03c021" + "01010012" + LCP_OPTIONS);
        assertThat(windows.nextFrame()).isEqualTo("ff03c021" + "02010012" + LCP_OPTIONS);
    }

    private static void identify(ScriptedPeer windows) {
        byte[] challenge = windows.frames.removeLast();
        windows.sends("ff03c021" + "0c020012" + "5ab31337" + "4d5352415356352e3230");
        windows.sends("ff03c021" + "0c03001b" + "5ab31337" + "4d535241532d302d4d534544474557494e3130");
        windows.sends("ff03c021" + "0c040018" + "5ab31337" + "00e0a1b2c3d4e5f60718293a4b5c6d7e");
        windows.isQuiet();
        windows.frames.add(challenge);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
