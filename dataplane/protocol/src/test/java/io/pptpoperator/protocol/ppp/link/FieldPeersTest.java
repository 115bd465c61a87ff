package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that ask for more than Windows 10 and pppd do: each is talked out of it, in as few steps as there can be, and
 * connects.
 */
class FieldPeersTest {

    private static final String ORDINARY = "020600000000" + "05061a2b3c4d" + "0702" + "0802";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {"Windows 95 and 98: callback by CBCP                 | 0d0306",
            "Windows CE: callback to a number that it names      | 0d0a03 35353531323334",
            "Windows XP with multilink                           | 1104064e 131701 00112233445566778899aabbccddeeff00010203",
            "RRAS, dial-on-demand, with multilink and BAP        | 0d0306 1104064e 170400a3 1309030200 5e102030",
            "MikroTik with MRRU                                  | 11040640",
            "mpd5: multilink, short sequence numbers, its MAC    | 11040800 1202 1309030200 5e000101",
            "Cisco IOS: link quality reports                     | 0408c02500000bb8",
            "a modem's firmware: FCS, padding, numbered mode     | 090304 0a0308 0b0308 0f02 1002",
            "an option that nobody has defined                   | 1f04cafe e002 ff03aa",
            "internationalization, OSI nets, SDL                 | 1c0600000000 1d0300 1b02",
            "a server's habit: it wants us to log in by CHAP     | 0305c22305",
            "likewise by EAP                                     | 0304c227",
            "an option that comes twice                          | 05061a2b3c4d"})
    void isTalkedOutOfWhatPptpHasNoUseFor(String name, String unwanted) {
        String options = unwanted.replace(" ", "");
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 1, ORDINARY + options);
        ControlPacket reject = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REJECT);
        assertThat(HexFormat.of().formatHex(reject.data())).as("byte for byte, in order").isEqualTo(options);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 2, ORDINARY);
        peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_ACK);
        peer.acknowledges(PppProtocol.LCP, request);
        peer.logsIn();
        peer.opensCcp();
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|',
            value = {"magic number 0             | 050600000000 | 0506",
                    "MRU 0                      | 01040000     | 01040080",
                    "MRU 1                      | 01040001     | 01040080"})
    void isToldWhatWouldBeRight(String name, String asked, String suggested) {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 1, asked);
        ControlPacket nak = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_NAK);
        assertThat(HexFormat.of().formatHex(nak.data())).startsWith(suggested);
        assertThat(nak.data()).hasSize(asked.length() / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "010403e8", "01040b54", "0104ffff", "010405dd", "0206ffffffff", "0702", "0802"})
    void isTakenAsItIs(String options) {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 1, options);
        assertThat(HexFormat.of().formatHex(peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_ACK).data()))
                .isEqualTo(options);
        peer.acknowledges(PppProtocol.LCP, request);
        peer.logsIn();
        peer.opensCcp();
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
    }

    /** EAP, which Windows prefers for smart cards and certificates, and pppd since 2.4 names first. */
    @Test
    void whoWantsEapInsteadIsOfferedWhatIsLeftAndThenToldNo() {
        ScriptedPeer peer = new ScriptedPeer(
                LinkConfigs.server(LinkConfigs.PREFERRED, List.of(AuthMethod.MSCHAPV2, AuthMethod.CHAP_MD5))).start();
        ControlPacket first = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_NAK, first.id(), "0304c227");
        ControlPacket second = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        assertThat(HexFormat.of().formatHex(second.data())).contains("0305c22305");
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_NAK, second.id(), "0304c227");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.AUTHENTICATION_REFUSED,
                "the peer refuses every authentication method allowed here (mschapv2, chap-md5)");
    }

    /** Each is rejected, as often as it comes, and the link stays. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"IPv6CP of Windows, 8057", "ACSCP of iOS and macOS, 8235", "IPXCP of Windows 95, 802b",
            "NBFCP of Windows 95, 803f", "AppleTalk, 8029", "OSI, 8023", "ECP of mpd5, 8053", "BACP of multilink, c02b",
            "CBCP of Windows, c029", "link quality reports of Cisco, c025", "MPLSCP of RouterOS, 8281",
            "CDPCP of Cisco, 8207", "EAP, c227", "Van Jacobson compressed TCP, 002d", "multilink fragments, 003d"})
    void whatElseItSpeaksIsRejectedAndTheLinkStays(String name, String protocol) {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        for (int id = 1; id <= 3; id++) {
            peer.sends(protocol + "010" + id + "000a0106c0a80101");
            assertThat(HexFormat.of().formatHex(peer.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT).data()))
                    .isEqualTo(protocol + "010" + id + "000a0106c0a80101");
        }
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void itsEchoesAreAnsweredThoughTheyCarryNoMagicNumber() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 1, "");
        peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_ACK);
        peer.acknowledges(PppProtocol.LCP, request);
        peer.logsIn();
        peer.opensCcp();
        peer.opensIpcp();
        for (String data : List.of("00000000", "", "0000000048656c6c6f")) {
            peer.sends(PppProtocol.LCP, ControlCode.ECHO_REQUEST, 7, data);
            assertThat(peer.next(PppProtocol.LCP, ControlCode.ECHO_REPLY).id()).isEqualTo(7);
        }
        assertThat(peer.witness.isUp()).isTrue();
    }

    /** Discard-Request, codes of later RFCs and of vendors: the first is nothing, the others are rejected. */
    @Test
    void otherCodesOfLcpDoNotDisturbTheLink() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.LCP, ControlCode.DISCARD_REQUEST, 1, "00000000aabb");
        peer.isQuiet();
        for (int code : new int[]{0, 14, 15, 99, 255}) {
            peer.sends(PppProtocol.LCP, code, 2, "0000");
            assertThat(peer.next(PppProtocol.LCP, ControlCode.CODE_REJECT).data()[0] & 0xff).isEqualTo(code);
        }
        assertThat(peer.witness.isUp()).isTrue();
    }

    /** pppd 2.5 after MS-CHAPv1 has a receive key of zeros, and calls what comes of it protocols that nobody speaks. */
    @Test
    void aPeerWithOtherKeysShowsByWhatItRejectsAndIsToldOfOnce() {
        ScriptedPeer peer = new ScriptedPeer(
                LinkConfigs.server(EncryptionSettings.STRONG, List.of(AuthMethod.MSCHAPV1))).start();
        peer.opensLcp();
        peer.logsIn();
        peer.opensCcp();
        peer.opensIpcp();
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "a7e3556677");
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 2, "13f1556677");
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.history())
                .containsOnlyOnce(new LinkAction.Note("the peer rejects protocol a7e3, which was "
                        + "never sent to it: it decrypts with other keys than this end encrypts with. pppd 2.5.0 to 2.5.2 do so "
                        + "after MS-CHAPv1, with a key of zeros: have it log in with MS-CHAPv2"));
    }
}
