package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Beginning, network and end of a whole link. */
class PppLinkTest {

    @Test
    void silenceFromTheStartIsToldFromADisagreement() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        peer.waits(60_000);
        peer.endedWith(TerminationReason.NO_ANSWER,
                "nothing arrived through the tunnel: is GRE (IP protocol 47) let through in both directions?");
        assertThat(peer.frames).hasSize(10);
        assertThat(peer.link.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void peerThatAnswersButNeverAgreesIsGivenUpInTheEnd() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        for (int i = 0; i < 200 && peer.witness.terminated() == null; i++) {
            peer.frames.clear();
            peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, i & 0xff, "fe03aa");
            peer.waits(500);
        }
        assertThat(peer.witness.terminated().reason()).isEqualTo(TerminationReason.NEGOTIATION_FAILED);
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
        assertThatThrownBy(() -> new LinkConfig(good.role(), 50, good.encryption(), good.echo(), good.timers()))
                .hasMessageContaining("MRU 50");
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
    void dataThatReachesTheLinkIsNeverRejected() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends("2145000054");
        peer.sends("00214500");
        peer.sends("fd90001122");
        peer.isQuiet();
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void unknownProtocolsAreRejectedInTheNetworkPhase() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends("80570101000e010a00000000000000aa");
        assertThat(peer.next(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT).data()).startsWith(0x80, 0x57, 1, 1, 0, 14);
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void rejectedIpcpEndsTheLink() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.NONE);
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "80210101");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED, "the peer has IPv4 switched off (it rejects IPCP)");
    }

    @Test
    void unansweredIpcpEndsTheLink() {
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.NONE);
        peer.waits(40_000);
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED, "the peer did not answer IPCP");
    }

    @Test
    void rejectionOfAProtocolThatIsNotUsedChangesNothing() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "80570101");
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void closedIpcpDoesNotEndTheLinkAndMayComeBack() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.IPCP, ControlCode.TERMINATE_REQUEST, 2, "");
        assertThat(peer.witness.isUp()).isTrue();
        peer.waits(1_000);
        ControlPacket request = peer.next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.IPCP, ControlCode.TERMINATE_ACK);
        assertThat(peer.witness.isUp()).isFalse();
        peer.waits(10_000);
        assertThat(peer.witness.terminated()).isNull();
        peer.sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST, 3, ScriptedPeer.PEER_ADDRESS);
        peer.acknowledges(PppProtocol.IPCP, request);
        assertThat(peer.witness.isUp()).isTrue();
    }

    @Test
    void linkWhoseIpcpDoesNotComeBackEnds() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.IPCP, ControlCode.TERMINATE_REQUEST, 2, "");
        peer.waits(64_000);
        peer.endedWith(TerminationReason.NEGOTIATION_FAILED, "the peer did not open IPCP within 60 s");
    }

    @Test
    void peerThatBeginsLcpAnewLogsInAnew() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 9, "0506aaaaaaaa");
        assertThat(peer.witness.isUp()).isTrue();
        peer.leavesProbesUnanswered();
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
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
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
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
        for (int i = 0; i < 20; i++) {
            peer.waits(EchoSettings.STANDARD.intervalMillis() - 1);
            peer.link.trafficSeen(peer.now);
        }
        peer.isQuiet();
        peer.waits(EchoSettings.STANDARD.intervalMillis());
        peer.next(PppProtocol.LCP, ControlCode.ECHO_REQUEST);
    }

    @Test
    void tunnelThatGoesAwayEndsTheLinkAtOnce() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
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
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).dialsIn();
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
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG);
        assertThat(peer.link.deadline()).isEqualTo(Long.MAX_VALUE);
        peer.act(peer.link.terminate(TerminationReason.SHUTDOWN, "drained", peer.now));
        peer.endedWith(TerminationReason.SHUTDOWN, "drained");
    }

    @Test
    void loopedTunnelIsNamed() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        for (int i = 0; i < 50 && !peer.frames.isEmpty(); i++) {
            peer.act(peer.link.receive(peer.frames.remove(), peer.now));
        }
        peer.endedWith(TerminationReason.LOOPBACK, "what this end sends comes back to it: the tunnel is looped");
    }
}
