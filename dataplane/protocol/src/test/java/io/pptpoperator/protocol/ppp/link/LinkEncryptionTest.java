package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CCP on a whole link: what becomes of the link with and without agreement on MPPE. */
class LinkEncryptionTest {

    @Test
    void requiredEncryptionHoldsTheNetworkBackUntilItIsUp() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.STRONG);
        ControlPacket mppe = peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.PEER_ADDRESS);
        ControlPacket address = peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_ACK);
        peer.acknowledges(PppProtocol.IPCP, address);
        peer.waits(10_000);
        assertThat(peer.witness.isUp()).isFalse();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.MPPE_128);
        peer.acknowledges(PppProtocol.CCP, mppe);
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.mppe()).isNotNull();
    }

    @Test
    void peerThatNeverSpeaksCcpIsDisconnectedWhereEncryptionIsRequired() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.STRONG);
        peer.waits(30_000);
        peer.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "the peer did not answer CCP, but encryption is required here");
    }

    @Test
    void peerThatNeverSpeaksCcpGoesOnInClearWhereEncryptionIsPreferred() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(LinkConfigs.PREFERRED);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.isQuiet();
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.PEER_ADDRESS);
        peer.acknowledges(PppProtocol.IPCP, peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST));
        peer.waits(2_999);
        assertThat(peer.witness.isUp()).isFalse();
        peer.waits(1);
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.history())
                .contains(new LinkAction.Note("the peer has not agreed on encryption: the link goes on in clear"));
    }

    @Test
    void encryptionThatComesLateIsStillTaken() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(LinkConfigs.PREFERRED);
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.PEER_ADDRESS);
        ControlPacket mppe = peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.acknowledges(PppProtocol.IPCP, peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST));
        peer.waits(5_000);
        assertThat(peer.witness.isUp()).isTrue();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.MPPE_128);
        peer.acknowledges(PppProtocol.CCP, mppe);
        assertThat(peer.witness.mppe()).isNotNull();
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void ipcpWaitsForCcpButNotForEver() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.STRONG);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.waits(3_000);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        peer.isQuiet();
    }

    @Test
    void rejectedCcpMeansClearWhereEncryptionIsPreferred() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(LinkConfigs.PREFERRED);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "80fd0101000a" + ScriptedPeer.MPPE_128);
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.history())
                .contains(new LinkAction.Note("the peer rejects CCP: the link is not encrypted"));
    }

    @Test
    void encryptionInOneDirectionOnlyIsNone() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(LinkConfigs.PREFERRED);
        ControlPacket mppe = peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.acknowledges(PppProtocol.CCP, mppe);
        for (int i = 0; i < 5; i++) {
            peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, i, "");
            peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_NAK);
        }
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 6, "");
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_ACK);
        peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.CCP, ControlCode.TERMINATE_REQUEST);
        assertThat(peer.witness.mppe()).isNull();
    }

    @Test
    void encryptionInOneDirectionOnlyIsRefusedWhereItIsRequired() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.STRONG);
        peer.acknowledges(PppProtocol.CCP, peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST));
        for (int i = 0; i < 6; i++) {
            peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, i, "");
        }
        peer.agreesToEnd();
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
    }

    @Test
    void ccpIsUnknownWhereEncryptionIsOff() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.NONE);
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.MPPE_128);
        peer.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT);
        assertThat(peer.witness.isUp()).isTrue();
    }

    /** Start keys serve one opening of CCP: whatever takes it down later, the whole login is begun anew. */
    @ParameterizedTest
    @MethodSource("waysToLeaveCcp")
    void whatTakesCcpDownLeadsToNewKeys(boolean required, int protocol, int code, String data) {
        ScriptedPeer peer = ScriptedPeer.server(required ? EncryptionSettings.STRONG : LinkConfigs.PREFERRED).dialsIn();
        LinkAction.MppeUp first = peer.witness.mppe();
        peer.waits(500);
        peer.sends(protocol, code, 2, data);
        assertThat(peer.witness.isUp()).isTrue();
        peer.leavesProbesUnanswered();
        assertThat(peer.witness.isUp()).isFalse();
        assertThat(peer.witness.mppe()).isNull();
        peer.opensLcp();
        peer.logsIn();
        peer.opensCcp();
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.mppe().keys()).isNotSameAs(first.keys());
    }

    static Stream<Arguments> waysToLeaveCcp() {
        return Stream.of(true, false)
                .flatMap(required -> Stream.of(
                        Arguments.of(required, PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, ScriptedPeer.MPPE_128),
                        Arguments.of(required, PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, ""),
                        Arguments.of(required, PppProtocol.CCP, ControlCode.TERMINATE_REQUEST, ""),
                        Arguments.of(required, PppProtocol.CCP, ControlCode.TERMINATE_ACK, ""),
                        Arguments.of(required, PppProtocol.CCP, ControlCode.CODE_REJECT, "01010004"),
                        Arguments.of(required, PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, "80fd0101")));
    }

    @ParameterizedTest
    @MethodSource("waysToLeaveCcp")
    void whatTakesCcpDownIsNotBelievedWhileThePeerAnswersWithCcpOpen(boolean required, int protocol, int code,
            String data) {
        ScriptedPeer peer = ScriptedPeer.server(required ? EncryptionSettings.STRONG : LinkConfigs.PREFERRED).dialsIn();
        peer.sends(protocol, code, 2, data);
        ControlPacket probe = peer.next(PppProtocol.CCP, ControlCode.RESET_REQUEST);
        peer.isQuiet();
        peer.waits(40);
        peer.sends(PppProtocol.CCP, ControlCode.RESET_ACK, probe.id(), "");
        peer.waits(10_000);
        assertThat(peer.witness.isUp()).isTrue();
        peer.isQuiet();
    }

    @ParameterizedTest
    @MethodSource("waysToLeaveCcp")
    void whatTakesCcpDownIsNotBelievedWhileThePeerEncrypts(boolean required, int protocol, int code, String data) {
        ScriptedPeer peer = ScriptedPeer.server(required ? EncryptionSettings.STRONG : LinkConfigs.PREFERRED).dialsIn();
        peer.sends(protocol, code, 2, data);
        peer.link.decryptedAt(peer.now + 5);
        peer.frames.clear();
        peer.waits(10_000);
        assertThat(peer.witness.isUp()).isTrue();
        peer.isQuiet();
    }

    @Test
    void aRetransmissionOfThePeersRequestIsAnsweredAgain() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.MPPE_128);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_ACK);
        peer.isQuiet();
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void ccpMayBeNegotiatedAnewWhileNobodyCanHaveEncryptedAnything() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.STRONG);
        peer.opensCcp();
        peer.frames.clear();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 2, ScriptedPeer.MPPE_128);
        peer.acknowledges(PppProtocol.CCP, peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST));
        assertThat(peer.witness.mppe()).isNotNull();
    }

    @Test
    void ccpClosedBeforeTheNetworkIsUpEndsTheLinkEvenWhereEncryptionIsPreferred() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(LinkConfigs.PREFERRED);
        peer.opensCcp();
        peer.sends(PppProtocol.CCP, ControlCode.TERMINATE_REQUEST, 2, "");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.ENCRYPTION_REFUSED, "the peer switched encryption off (it closed CCP), and a "
                + "link that was encrypted once is never clear again");
    }

    /** Whatever comes after the new login, the link that preferred encryption now insists on it. */
    @ParameterizedTest
    @ValueSource(strings = {"rejects CCP", "rejects MPPE", "is silent", "closes CCP"})
    void aLinkThatWasEncryptedIsNeverClearAgain(String way) {
        ScriptedPeer peer = ScriptedPeer.server(LinkConfigs.PREFERRED).dialsIn();
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 9, ScriptedPeer.LINUX_LCP);
        peer.leavesProbesUnanswered();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_ACK);
        peer.acknowledges(PppProtocol.LCP, request);
        peer.logsIn();
        ControlPacket mppe = peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        switch (way) {
            case "rejects CCP" -> peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 3, "80fd0101");
            case "rejects MPPE" ->
                peer.sends(PppProtocol.CCP, new ControlPacket(ControlCode.CONFIGURE_REJECT, mppe.id(), mppe.data()));
            case "closes CCP" -> {
                peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.MPPE_128);
                peer.acknowledges(PppProtocol.CCP, mppe);
                peer.sends(PppProtocol.CCP, ControlCode.TERMINATE_REQUEST, 2, "");
            }
            default -> peer.waits(30_000);
        }
        peer.waits(10_000);
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
    }

    @Test
    void aSecondLoginWithMsChapV1EndsTheLinkBecauseItsKeysMayBeThoseOfTheFirst() {
        ScriptedPeer peer = new ScriptedPeer(
                LinkConfigs.server(EncryptionSettings.STRONG, List.of(AuthMethod.MSCHAPV1))).dialsIn();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 2, ScriptedPeer.MPPE_128);
        peer.leavesProbesUnanswered();
        peer.opensLcp();
        peer.logsIn();
        peer.agreesToEnd();
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(peer.witness.terminated().detail()).contains("mschapv1");
    }

    @Test
    void packetsThatDoNotDecryptLeadToNewKeysAndOnlyThenToTheEnd() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        for (int forged = 0; forged < 3; forged++) {
            peer.link.decryptedAt(peer.now);
            peer.waits(500);
            peer.act(peer.link.mppeHopeless(peer.now));
            assertThat(peer.witness.isUp()).isFalse();
            peer.opensLcp();
            peer.logsIn();
            peer.opensCcp();
            peer.opensIpcp();
            peer.waits(500);
            peer.link.decryptedAt(peer.now);
        }
        peer.act(peer.link.mppeHopeless(peer.now));
        peer.opensLcp();
        peer.logsIn();
        peer.opensCcp();
        peer.opensIpcp();
        peer.act(peer.link.mppeHopeless(peer.now));
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "the client's packets do not decrypt: the two ends have different keys");
    }

    /** What the peer encrypts may come right behind its Configure-Ack. */
    @Test
    void theKeysToDecryptWithAreThereBeforeThePeerCanOpen() {
        ScriptedPeer peer = ScriptedPeer
                .loggedIn(new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40, 128), false));
        ControlPacket request = peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.MPPE_128);
        assertThat(receiving(peer)).isEqualTo(new MppeParameters(128, true));
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_ACK);
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_NAK, request.id(), "120601000020");
        assertThat(receiving(peer)).isEqualTo(new MppeParameters(40, true));
        peer.acknowledges(PppProtocol.CCP, peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST));
        assertThat(peer.witness.mppe().receive()).isEqualTo(new MppeParameters(40, true));
        assertThat(peer.witness.history().stream().filter(LinkAction.MppeReceive.class::isInstance)).hasSize(2);
    }

    private static MppeParameters receiving(ScriptedPeer peer) {
        return peer.witness.history()
                .getLast() instanceof LinkAction.MppeReceive(MppeParameters parameters, MppeStartKeys keys)
                        ? parameters
                        : null;
    }

    @Test
    void aPeerThatRejectsMppeAndAsksForNothingGoesOnInClearAtOnce() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(LinkConfigs.PREFERRED);
        ControlPacket mppe = peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.CCP, new ControlPacket(ControlCode.CONFIGURE_REJECT, mppe.id(), mppe.data()));
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void encryptedPacketsAfterCcpWasGivenUpMakeThePeerNegotiateAnew() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(LinkConfigs.PREFERRED);
        peer.waits(3_000);
        peer.frames.removeIf(frame -> (frame[1] & 0xff) == 0xfd);
        peer.opensIpcp();
        peer.waits(40_000);
        peer.frames.clear();
        peer.sends("fd900011223344");
        peer.sends("fd900111223344");
        peer.next(PppProtocol.CCP, ControlCode.TERMINATE_ACK);
        peer.isQuiet();
    }

    @Test
    void keysThatDoNotFitTheStrengthAllowedEndTheLink() {
        var weak = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40), false);
        ScriptedPeer peer = new ScriptedPeer(LinkConfigs.server(weak, List.of(AuthMethod.MSCHAPV1),
                FakeExchange.serverWithoutShortKeys(LinkConfigs.PASSWORD))).start();
        peer.opensLcp();
        peer.logsIn();
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "encryption is required, but this login has keys for 128 bits only, which is not allowed here");
    }

    @Test
    void resetsOfTheEncryptionPassBothWays() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.act(peer.link.mppeResetNeeded(peer.now));
        ControlPacket request = peer.next(PppProtocol.CCP, ControlCode.RESET_REQUEST);
        peer.sends(PppProtocol.CCP, ControlCode.RESET_ACK, request.id(), "");
        assertThat(peer.witness.history()).endsWith(new LinkAction.MppeResetAcknowledged());
        peer.sends(PppProtocol.CCP, ControlCode.RESET_REQUEST, 77, "");
        assertThat(peer.witness.history()).endsWith(new LinkAction.MppeResetRequested());
        assertThat(peer.next(PppProtocol.CCP, ControlCode.RESET_ACK).id()).isEqualTo(77);
    }

    @Test
    void resetIsNotAskedForWithoutEncryption() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.nextLogin();
        assertThat(peer.link.mppeResetNeeded(peer.now)).isEmpty();
    }

    @Test
    void nothingThatIsShownContainsAKey() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        assertThat(peer.witness.history().toString()).contains("MppeStartKeys[128, 56 and 40 bits]")
                .doesNotContain("[B@");
    }
}
