package io.pptpoperator.dataplane.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.ppp.ControlCode;
import io.pptpoperator.dataplane.ppp.ControlPacket;
import io.pptpoperator.dataplane.ppp.PppProtocol;
import io.pptpoperator.dataplane.ppp.auth.AuthMethod;
import io.pptpoperator.dataplane.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.dataplane.ppp.ccp.EncryptionSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                .contains(new LinkAction.Note(
                        "the peer has not agreed on encryption: the link goes on in clear"));
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

    @Test
    void closedCcpEndsTheLinkWhereEncryptionIsRequired() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.CCP, ControlCode.TERMINATE_REQUEST, 2, "");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "the peer switched encryption off (it closed CCP), which is required here");
    }

    @Test
    void closedCcpMeansClearWhereEncryptionIsPreferred() {
        ScriptedPeer peer = ScriptedPeer.server(LinkConfigs.PREFERRED).dialsIn();
        assertThat(peer.witness.mppe()).isNotNull();
        peer.sends(PppProtocol.CCP, ControlCode.TERMINATE_REQUEST, 2, "");
        assertThat(peer.witness.mppe()).isNull();
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.history()).endsWith(new LinkAction.NetworkDown(), new LinkAction.MppeDown(),
                new LinkAction.NetworkUp(LinkConfigs.PLAN));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ccpCanBeNegotiatedAnewAtAnyTime(boolean required) {
        ScriptedPeer peer = ScriptedPeer.server(required ? EncryptionSettings.STRONG : LinkConfigs.PREFERRED)
                .dialsIn();
        peer.waits(1_000);
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 2, ScriptedPeer.MPPE_128);
        assertThat(peer.witness.isUp()).isFalse();
        peer.acknowledges(PppProtocol.CCP, peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST));
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.mppe()).isNotNull();
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_ACK);
        peer.isQuiet();
    }

    @Test
    void peerThatStopsHalfWayThroughANewCcpNegotiationIsDisconnected() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 2, ScriptedPeer.MPPE_128);
        peer.waits(120_000);
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
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
        ScriptedPeer peer = new ScriptedPeer(
                LinkConfigs.server(weak, List.of(AuthMethod.MSCHAPV1),
                        FakeExchange.serverWithoutShortKeys(LinkConfigs.PASSWORD),
                        Optional.of(LinkConfigs.PLAN)))
                .start();
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
