package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * pptp-linux with pppd 2.4.9, frame by frame as captured from a call to pptpd. Where pppd as a server and this link do
 * the same, the captured frames of the server are what is expected.
 */
class LinuxPppdTest {

    private static final String LCP_REQUEST = "ff03c0210101001402060000000005069db23e4407020802";
    private static final String LCP_ACK = "ff03c0210201001402060000000005069db23e4407020802";

    @Test
    void mschapv2WithMppe128() {
        ScriptedPeer pppd = connect(EncryptionSettings.STRONG, "120601000040");
        assertThat(pppd.witness.mppe().send()).isEqualTo(new MppeParameters(128, true));
        assertThat(pppd.witness.network().addresses()).isEqualTo(LinkConfigs.PLAN);

        pppd.sends("c021090100089db23e44");
        assertThat(pppd.next(PppProtocol.LCP, ControlCode.ECHO_REPLY).id()).isEqualTo(1);

        // pppd's way to hang up: "MPPE disabled", twice, each with a number of its own.
        pppd.sends("ff03c021050200114d5050452064697361626c6564");
        pppd.leavesProbesUnanswered();
        assertThat(pppd.nextFrame()).isEqualTo("ff03c02106020004");
        pppd.sends("ff03c021050300114d5050452064697361626c6564");
        assertThat(pppd.nextFrame()).isEqualTo("ff03c02106030004");
        pppd.act(pppd.link.lowerDown(pppd.now));
        pppd.endedWith(TerminationReason.PEER_REQUEST, "the peer closed the link: MPPE disabled");
    }

    @Test
    void mschapv2WithMppe40() {
        var weak = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40), false);
        ScriptedPeer pppd = connect(weak, "120601000020");
        assertThat(pppd.witness.mppe().receive()).isEqualTo(new MppeParameters(40, true));
    }

    private static ScriptedPeer connect(EncryptionSettings encryption, String mppe) {
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.server(encryption)).start();
        establish(pppd, "c22381");
        byte[] challenge = pppd.frames.removeLast();
        pppd.sends("c021090000089db23e44");
        ControlPacket reply = pppd.next(PppProtocol.LCP, ControlCode.ECHO_REPLY);
        assertThat(reply.id()).isZero();
        pppd.frames.add(challenge);
        pppd.logsIn();

        assertThat(pppd.nextFrame()).isEqualTo("80fd0101000a" + mppe);
        pppd.isQuiet();
        pppd.sends("80fd0101000a" + mppe);
        assertThat(pppd.nextFrame()).isEqualTo("80fd0201000a" + mppe);
        pppd.sends("80fd0201000a" + mppe);
        assertThat(pppd.nextFrame()).isEqualTo("80210101000a0306c0a80a01");
        pppd.sends("8021010100100206002d0f01030600000000");
        assertThat(pppd.nextFrame()).isEqualTo("80210401000a0206002d0f01");
        pppd.sends("80570101000e010a9c240a4ee582b1ce");
        ControlPacket noIpv6 = pppd.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT);
        assertThat(noIpv6.data()).startsWith(0x80, 0x57, 1, 1, 0, 14);
        pppd.sends("80210201000a0306c0a80a01");
        pppd.sends("80210102000a030600000000");
        assertThat(pppd.nextFrame()).isEqualTo("80210302000a0306c0a80a64");
        pppd.sends("80210103000a0306c0a80a64");
        assertThat(pppd.nextFrame()).isEqualTo("80210203000a0306c0a80a64");
        pppd.isQuiet();
        return pppd;
    }

    @Test
    void chapMd5HasNoKeysAndGoesInClearWithoutCcp() {
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.server(LinkConfigs.PREFERRED, List.of(AuthMethod.CHAP_MD5)))
                .start();
        establish(pppd, "c22305");
        pppd.logsIn();
        assertThat(pppd.nextFrame()).isEqualTo("80210101000a0306c0a80a01");
        pppd.sends("80fd0101000715032f");
        assertThat(pppd.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT).data())
                .isEqualTo(HexFormat.of().parseHex("80fd" + "0101000715032f"));
        pppd.sends("80210201000a0306c0a80a01");
        pppd.sends("80210102000a0306c0a80a64");
        assertThat(pppd.nextFrame()).isEqualTo("80210202000a0306c0a80a64");
        assertThat(pppd.witness.isUp()).isTrue();
        assertThat(pppd.witness.mppe()).isNull();
    }

    @Test
    void deflateAndBsdAreRejectedAndEncryptionAskedForInstead() {
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        establish(pppd, "c22381");
        pppd.logsIn();
        pppd.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        pppd.sends("80fd0101000f1a0478001804780015032f");
        assertThat(pppd.nextFrame()).isEqualTo("80fd0401000f1a0478001804780015032f");
        pppd.sends("80fd01020004");
        assertThat(pppd.nextFrame()).isEqualTo("80fd0302000a120601000040");
    }

    @Test
    void clientThatRefusesEncryptionIsDisconnected() {
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        establish(pppd, "c22381");
        pppd.logsIn();
        pppd.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        pppd.sends("80fd0401000a120601000040");
        pppd.agreesToEnd();
        pppd.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "the peer refuses encryption (MPPE with 128 bits), which is required here");
    }

    private static final String WHAT_TO_SET = "pppd 2.5 does so when its option is require-mppe; with require-mppe-128 (in "
            + "NetworkManager: 128-bit, not All Available) it takes 128 bits";

    /** Told require-mppe, pppd 2.5.2 asks for 40 bits alone, and hangs up at any Nak that names another strength. */
    @Test
    void pppd25WithRequireMppeIsToldApartWhere128BitsAreRequired() {
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        establish(pppd, "c22381");
        pppd.logsIn();
        pppd.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        pppd.sends("80fd0101000a120601000020");
        assertThat(pppd.nextFrame()).isEqualTo("80fd0301000a120601000040");
        pppd.sends("ff03c0210502002d" + HexFormat.of()
                .formatHex("MPPE required but peer negotiation failed".getBytes(StandardCharsets.US_ASCII)));
        assertThat(pppd.nextFrame()).isEqualTo("ff03c02106020004");
        pppd.act(pppd.link.lowerDown(pppd.now));
        assertThat(pppd.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(pppd.witness.terminated().detail())
                .startsWith("the peer insists on MPPE with 40 bits, and only 128 bits are allowed here: " + WHAT_TO_SET
                        + "; the peer closed the link: MPPE required but peer negotiation failed");
    }

    @Test
    void pppd25WithRequireMppeGets40BitsWhereTheyAreAllowedAndTheLogSaysWhy() {
        var all = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(128, 56, 40), false);
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.server(all)).start();
        establish(pppd, "c22381");
        pppd.logsIn();
        assertThat(pppd.nextFrame()).isEqualTo("80fd0101000a1206010000e0");
        pppd.sends("80fd0101000a120601000020");
        assertThat(pppd.nextFrame()).isEqualTo("80fd0201000a120601000020");
        pppd.sends("80fd0301000a120601000020");
        assertThat(pppd.nextFrame()).isEqualTo("80fd0102000a120601000020");
        pppd.sends("80fd0202000a120601000020");
        assertThat(pppd.witness.mppe().send()).isEqualTo(new MppeParameters(40, true));
        assertThat(pppd.witness.history())
                .contains(new LinkAction.Note("the peer asks for 40 bits alone and gets them: " + WHAT_TO_SET));
    }

    @Test
    void wrongPasswordIsFollowedByTheEndAsPppdDoesIt() {
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG)).start();
        establish(pppd, "c22381");
        pppd.nextLogin();
        pppd.sendsLogin(FakeExchange.response("wrong"));
        assertThat(pppd.nextLogin()).isEqualTo(FakeExchange.FAILURE);
        ControlPacket terminate = pppd.next(PppProtocol.LCP, ControlCode.TERMINATE_REQUEST);
        assertThat(new String(terminate.data(), StandardCharsets.US_ASCII)).isEqualTo("Authentication failed");
        pppd.sends("ff03c0210502002c4661696c656420746f2061757468656e746963617465206f757273656c76657320746f2070656572");
        assertThat(pppd.nextFrame()).isEqualTo("ff03c02106020004");
        pppd.sends(PppProtocol.LCP, ControlCode.TERMINATE_ACK, terminate.id(), "");
        pppd.endedWith(TerminationReason.AUTHENTICATION_FAILED, "wrong password or unknown user");
    }

    @Test
    void thisEndAsTheClientOfPppd() {
        ScriptedPeer pppd = new ScriptedPeer(LinkConfigs.client(EncryptionSettings.STRONG)).start();
        ControlPacket request = pppd.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        pppd.sends("ff03c021010100190206000000000305c2238105062d3bdca707020802");
        assertThat(pppd.nextFrame()).isEqualTo("ff03c021020100190206000000000305c2238105062d3bdca707020802");
        pppd.acknowledges(PppProtocol.LCP, request);
        pppd.isQuiet();
        pppd.sendsLogin(FakeExchange.CHALLENGE);
        assertThat(pppd.nextLogin()).isEqualTo(FakeExchange.response(LinkConfigs.PASSWORD));
        pppd.sendsLogin(FakeExchange.SUCCESS);
        assertThat(pppd.nextFrame()).isEqualTo("80fd0101000a120601000040");
        pppd.sends("80fd0101000a120601000040");
        assertThat(pppd.nextFrame()).isEqualTo("80fd0201000a120601000040");
        pppd.sends("80fd0201000a120601000040");
        ControlPacket wish = pppd.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        pppd.sends("80210101000a0306c0a80a01");
        assertThat(pppd.nextFrame()).isEqualTo("80210201000a0306c0a80a01");
        pppd.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REJECT, wish.id(), "820600000000840600000000");
        ControlPacket again = pppd.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        pppd.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_NAK, again.id(), "0306c0a80a64810608080808830672727272");
        pppd.acknowledges(PppProtocol.IPCP, pppd.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST));
        assertThat(pppd.witness.network().addresses().ourAddress()).isEqualTo(LinkConfigs.PLAN.peerAddress());
        assertThat(pppd.witness.network().addresses().dns()).isEqualTo(LinkConfigs.PLAN.dns());
    }

    private static void establish(ScriptedPeer pppd, String method) {
        ControlPacket request = pppd.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        assertThat(request.options().get(1).data()).isEqualTo(HexFormat.of().parseHex(method));
        pppd.sends(LCP_REQUEST);
        assertThat(pppd.nextFrame()).isEqualTo(LCP_ACK);
        pppd.acknowledges(PppProtocol.LCP, request);
        assertThat(pppd.witness.history()).contains(new LinkAction.LcpOpened(1500, true, true));
    }
}
