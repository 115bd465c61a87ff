package io.pptpoperator.dataplane.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.ppp.ControlCode;
import io.pptpoperator.dataplane.ppp.ControlPacket;
import io.pptpoperator.dataplane.ppp.PppProtocol;
import io.pptpoperator.dataplane.ppp.auth.AuthMethod;
import io.pptpoperator.dataplane.ppp.auth.LoginFailure;
import io.pptpoperator.dataplane.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.dataplane.ppp.ccp.EncryptionSettings;
import io.pptpoperator.dataplane.ppp.lcp.EchoSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PppLinkTest {

    @Test
    void silenceFromTheStartIsToldFromADisagreement() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        peer.waits(60_000);
        peer.endedWith(TerminationReason.NO_ANSWER,
                "nothing arrived through the tunnel: is GRE (IP protocol 47) let through in both directions?");
        assertThat(peer.frames).hasSize(10);
        assertThat(peer.link.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void peerThatAnswersButNeverAgreesIsGivenUpInTheEnd() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        for (int i = 0; i < 200 && peer.witness.terminated() == null; i++) {
            peer.frames.clear();
            peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, i & 0xff, "fe03aa");
            peer.waits(500);
        }
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.NEGOTIATION_FAILED);
    }

    @Test
    void requiredEncryptionHoldsTheNetworkBackUntilItIsUp() {
        ScriptedPeer peer = loggedIn(EncryptionSettings.STRONG);
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
        ScriptedPeer peer = loggedIn(EncryptionSettings.STRONG);
        peer.waits(30_000);
        peer.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "the peer did not answer CCP, but encryption is required here");
    }

    @Test
    void peerThatNeverSpeaksCcpGoesOnInClearWhereEncryptionIsPreferred() {
        ScriptedPeer peer = loggedIn(LinkConfigs.PREFERRED);
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
        ScriptedPeer peer = loggedIn(LinkConfigs.PREFERRED);
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
        ScriptedPeer peer = loggedIn(EncryptionSettings.STRONG);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.waits(3_000);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        peer.isQuiet();
    }

    @Test
    void rejectedCcpMeansClearWhereEncryptionIsPreferred() {
        ScriptedPeer peer = loggedIn(LinkConfigs.PREFERRED);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "80fd0101000a" + ScriptedPeer.MPPE_128);
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
        assertThat(peer.witness.history())
                .contains(new LinkAction.Note("the peer rejects CCP: the link is not encrypted"));
    }

    @Test
    void encryptionInOneDirectionOnlyIsNone() {
        ScriptedPeer peer = loggedIn(LinkConfigs.PREFERRED);
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
        ScriptedPeer peer = loggedIn(EncryptionSettings.STRONG);
        peer.acknowledges(PppProtocol.CCP, peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST));
        for (int i = 0; i < 6; i++) {
            peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, i, "");
        }
        peer.agreesToEnd();
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
    }

    @Test
    void ccpIsUnknownWhereEncryptionIsOff() {
        ScriptedPeer peer = loggedIn(EncryptionSettings.NONE);
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.MPPE_128);
        peer.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT);
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void closedCcpEndsTheLinkWhereEncryptionIsRequired() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.CCP, ControlCode.TERMINATE_REQUEST, 2, "");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.ENCRYPTION_REFUSED,
                "the peer switched encryption off (it closed CCP), which is required here");
    }

    @Test
    void closedCcpMeansClearWhereEncryptionIsPreferred() {
        ScriptedPeer peer = server(LinkConfigs.PREFERRED).dialsIn();
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
        ScriptedPeer peer = server(required ? EncryptionSettings.STRONG : LinkConfigs.PREFERRED).dialsIn();
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
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 2, ScriptedPeer.MPPE_128);
        peer.waits(120_000);
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
    }

    @Test
    void encryptedPacketsAfterCcpWasGivenUpMakeThePeerNegotiateAnew() {
        ScriptedPeer peer = loggedIn(LinkConfigs.PREFERRED);
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
    void methodsWithoutKeysAreNotOfferedWhereEncryptionIsRequired() {
        LinkConfig config = LinkConfigs.server(EncryptionSettings.STRONG,
                List.of(AuthMethod.PAP, AuthMethod.MSCHAPV2, AuthMethod.CHAP_MD5));
        ScriptedPeer peer = new ScriptedPeer(config).start();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        assertThat(request.options().get(1).data()).containsExactly(0xc2, 0x23, 0x81);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_NAK, request.id(), "0304c023");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.AUTHENTICATION_REFUSED,
                "the peer refuses every authentication method allowed here (mschapv2)");
    }

    @Test
    void configurationThatCannotWorkIsRefused() {
        assertThatThrownBy(() -> LinkConfigs.server(EncryptionSettings.STRONG, List.of(AuthMethod.PAP)))
                .hasMessageContaining("none of the methods allowed (pap) yields keys");
        assertThatThrownBy(() -> LinkConfigs.server(EncryptionSettings.NONE, List.of()))
                .hasMessageContaining("at least one authentication method");
        assertThatThrownBy(() -> new LinkTimers(LinkTimers.STANDARD.restart(), 0, 1, 1))
                .hasMessageContaining("0 ms for a phase");
        LinkConfig good = LinkConfigs.server(EncryptionSettings.STRONG);
        assertThatThrownBy(
                () -> new LinkConfig(good.role(), 50, good.encryption(), good.echo(), good.timers()))
                .hasMessageContaining("MRU 50");
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
    void clientThatRequiresEncryptionNeedsAServerThatAuthenticatesIt() {
        ScriptedPeer peer = new ScriptedPeer(LinkConfigs.client(EncryptionSettings.STRONG)).start();
        peer.opensLcp();
        peer.agreesToEnd();
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(peer.witness.terminated().detail()).startsWith("the server wants no authentication");
    }

    @Test
    void clientGoesInClearThroughAServerThatWantsNoLogin() {
        ScriptedPeer peer = new ScriptedPeer(LinkConfigs.client(LinkConfigs.PREFERRED)).start();
        peer.opensLcp();
        ControlPacket request = peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST, 1, ScriptedPeer.OUR_ADDRESS);
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_NAK, request.id(), ScriptedPeer.PEER_ADDRESS);
        peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_ACK);
        peer.acknowledges(PppProtocol.IPCP, peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST));
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void clientThatIsGivenNoAddressLeaves() {
        ScriptedPeer peer = new ScriptedPeer(LinkConfigs.client(LinkConfigs.PREFERRED)).start();
        peer.opensLcp();
        ControlPacket request = peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REJECT, request.id(), "030600000000");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED, "the peer gives this end no address");
    }

    @Test
    void loginWithoutAnAddressLeftEnds() {
        ScriptedPeer peer = new ScriptedPeer(
                LinkConfigs.server(EncryptionSettings.STRONG, LinkConfigs.ALL_METHODS,
                        FakeExchange.server(LinkConfigs.PASSWORD), Optional.empty()))
                .start();
        peer.opensLcp();
        peer.logsIn();
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.NO_ADDRESS, "no address is left for testvpn1");
    }

    @Test
    void failedAndRepeatedLoginsAreTold() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.nextLogin();
        peer.waits(2_000);
        peer.sendsLogin(new byte[]{2});
        assertThat(peer.nextLogin()).isEqualTo(FakeExchange.RETRY);
        assertThat(peer.witness.history()).endsWith(
                new LinkAction.LoginRetrying("testvpn1", AuthMethod.MSCHAPV2, LoginFailure.BAD_CREDENTIALS));
        peer.sendsLogin(FakeExchange.response("wrong"));
        assertThat(peer.nextLogin()).isEqualTo(FakeExchange.FAILURE);
        assertThat(peer.witness.history())
                .endsWith(new LinkAction.LoginFailed("testvpn1", AuthMethod.MSCHAPV2,
                        LoginFailure.BAD_CREDENTIALS, "wrong password or unknown user"));
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.AUTHENTICATION_FAILED, "wrong password or unknown user");
    }

    @Test
    void peerThatNeverLogsInIsDisconnected() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.waits(29_000);
        assertThat(peer.witness.terminated()).isNull();
        peer.waits(40_000);
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
    }

    @Test
    void clientOfAServerThatNeverAsksForTheLoginGivesUp() {
        ScriptedPeer peer = new ScriptedPeer(LinkConfigs.client(EncryptionSettings.STRONG)).start();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 1, "0305c22381");
        peer.acknowledges(PppProtocol.LCP, request);
        peer.waits(62_000);
        peer.endedWith(TerminationReason.AUTHENTICATION_FAILED, "the login did not end within 60 s");
    }

    @Test
    void lostSuccessIsSentAgainInTheNetworkPhase() {
        ScriptedPeer peer = loggedIn(EncryptionSettings.STRONG);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.sendsLogin(FakeExchange.response(LinkConfigs.PASSWORD));
        assertThat(peer.nextLogin()).isEqualTo(FakeExchange.SUCCESS);
        peer.isQuiet();
        assertThat(peer.witness.terminated()).isNull();
    }

    @Test
    void rejectedLoginProtocolEndsTheLink() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "c22301");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.AUTHENTICATION_REFUSED,
                "the peer agreed to mschapv2 and then rejected it");
    }

    @Test
    void everythingButLcpAndTheLoginIsDiscardedSilentlyBeforeTheLogin() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        sendsAllNetworkProtocols(peer);
        peer.opensLcp();
        peer.nextLogin();
        sendsAllNetworkProtocols(peer);
        peer.isQuiet();
    }

    @Test
    void dataThatReachesTheLinkIsNeverRejected() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends("2145000054");
        peer.sends("00214500");
        peer.sends("fd90001122");
        peer.isQuiet();
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void otherLoginProtocolsThanTheOneAgreedAreIgnored() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.nextLogin();
        peer.sends("c0230101001508" + "7465737476706e31" + "0774657374313233");
        peer.isQuiet();
    }

    @Test
    void unknownProtocolsAreRejectedInTheNetworkPhase() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends("80570101000e010a00000000000000aa");
        assertThat(peer.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT).data()).startsWith(0x80, 0x57, 1,
                1, 0, 14);
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void rejectedIpcpEndsTheLink() {
        ScriptedPeer peer = loggedIn(EncryptionSettings.NONE);
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "80210101");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED,
                "the peer has IPv4 switched off (it rejects IPCP)");
    }

    @Test
    void unansweredIpcpEndsTheLink() {
        ScriptedPeer peer = loggedIn(EncryptionSettings.NONE);
        peer.waits(40_000);
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED, "the peer did not answer IPCP");
    }

    @Test
    void rejectionOfAProtocolThatIsNotUsedChangesNothing() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "80570101");
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void closedIpcpDoesNotEndTheLinkAndMayComeBack() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.IPCP, ControlCode.TERMINATE_REQUEST, 2, "");
        peer.next(PppProtocol.IPCP, ControlCode.TERMINATE_ACK);
        assertThat(peer.witness.isUp()).isFalse();
        peer.waits(10_000);
        assertThat(peer.witness.terminated()).isNull();
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST, 3, ScriptedPeer.PEER_ADDRESS);
        peer.acknowledges(PppProtocol.IPCP, peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST));
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void linkWhoseIpcpDoesNotComeBackEnds() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.IPCP, ControlCode.TERMINATE_REQUEST, 2, "");
        peer.waits(63_000);
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED, "the peer did not open IPCP within 60 s");
    }

    @Test
    void peerThatBeginsLcpAnewLogsInAnew() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 9, "0506aaaaaaaa");
        assertThat(peer.witness.isUp()).isFalse();
        assertThat(peer.witness.mppe()).isNull();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_ACK);
        peer.acknowledges(PppProtocol.LCP, request);
        peer.logsIn();
        peer.opensCcp();
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void peerThatBeginsLcpAnewAgainAndAgainIsDisconnected() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        for (int i = 0; i < 6; i++) {
            peer.frames.clear();
            peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 10 + i, "0506aaaaaa0" + i);
            if (i < 5) {
                peer.acknowledges(PppProtocol.LCP, peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST));
            }
        }
        peer.waits(5_000);
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED, "the peer began LCP anew more than 5 times");
    }

    @Test
    void trafficSparesTheEcho() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        for (int i = 0; i < 20; i++) {
            peer.waits(EchoSettings.STANDARD.intervalMillis() - 1);
            peer.link.trafficSeen(peer.now);
        }
        peer.isQuiet();
        peer.waits(EchoSettings.STANDARD.intervalMillis());
        peer.next(PppProtocol.LCP, ControlCode.ECHO_REQUEST);
    }

    @Test
    void resetsOfTheEncryptionPassBothWays() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
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
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.nextLogin();
        assertThat(peer.link.mppeResetNeeded(peer.now)).isEmpty();
    }

    @Test
    void tunnelThatGoesAwayEndsTheLinkAtOnce() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.act(peer.link.lowerDown(peer.now));
        peer.endedWith(TerminationReason.TUNNEL_DOWN, "the tunnel below the link was closed");
        peer.isQuiet();
        assertThat(peer.link.lowerDown(peer.now)).isEmpty();
        assertThat(peer.link.tick(peer.now)).isEmpty();
        assertThat(peer.link.start(peer.now)).isEmpty();
        assertThat(peer.link.receive(new byte[]{(byte) 0xc0, 0x21, 9, 0, 0, 4}, peer.now)).isEmpty();
        assertThat(peer.link.terminate(TerminationReason.ADMIN, "too late", peer.now)).isEmpty();
    }

    @Test
    void terminationWaitsForThePeerButNotForLong() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        peer.act(peer.link.terminate(TerminationReason.IDLE_TIMEOUT, "idle for 600 s", peer.now));
        assertThat(peer.witness.isUp()).isFalse();
        peer.act(peer.link.terminate(TerminationReason.ADMIN, "second reason", peer.now));
        peer.next(PppProtocol.LCP, ControlCode.TERMINATE_REQUEST);
        peer.isQuiet();
        peer.waits(1_500);
        peer.next(PppProtocol.LCP, ControlCode.TERMINATE_REQUEST);
        peer.endedWith(TerminationReason.IDLE_TIMEOUT, "idle for 600 s");
    }

    @Test
    void linkThatNeverStartedEndsAtOnce() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG);
        assertThat(peer.link.deadline()).isEqualTo(Long.MAX_VALUE);
        peer.act(peer.link.terminate(TerminationReason.SHUTDOWN, "drained", peer.now));
        peer.endedWith(TerminationReason.SHUTDOWN, "drained");
    }

    @Test
    void loopedTunnelIsNamed() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).start();
        for (int i = 0; i < 50 && !peer.frames.isEmpty(); i++) {
            peer.act(peer.link.receive(peer.frames.remove(), peer.now));
        }
        peer.endedWith(TerminationReason.LOOPBACK,
                "what this end sends comes back to it: the tunnel is looped");
    }

    @Test
    void nothingThatIsShownContainsAKey() {
        ScriptedPeer peer = server(EncryptionSettings.STRONG).dialsIn();
        assertThat(peer.witness.history().toString()).contains("MppeStartKeys[128, 56 and 40 bits]")
                .doesNotContain("[B@");
    }

    private static void sendsAllNetworkProtocols(ScriptedPeer peer) {
        for (String frame : List.of("80210101000a030600000000", "80fd0101000a120601000040",
                "80570101000e010a00000000000000aa", "2145000054", "fd900000", "c0251234", "c2270101000501")) {
            peer.sends(frame);
        }
    }

    private static ScriptedPeer server(EncryptionSettings encryption) {
        return new ScriptedPeer(LinkConfigs.server(encryption));
    }

    private static ScriptedPeer loggedIn(EncryptionSettings encryption) {
        ScriptedPeer peer = server(encryption).start();
        peer.opensLcp();
        peer.logsIn();
        return peer;
    }
}
