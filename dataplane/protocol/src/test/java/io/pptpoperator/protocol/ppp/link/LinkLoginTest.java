package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Authentication on a whole link. */
class LinkLoginTest {

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
    void loginWithoutAnAddressLeftEnds() {
        ScriptedPeer peer = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.STRONG, LinkConfigs.ALL_METHODS,
                FakeExchange.serverGranting(LoginGrant.NONE))).start();
        peer.opensLcp();
        peer.logsIn();
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.NO_ADDRESS, "no address is left for testvpn1");
    }

    @Test
    void failedAndRepeatedLoginsAreTold() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.nextLogin();
        peer.waits(2_000);
        peer.sendsLogin(new byte[]{2});
        assertThat(peer.nextLogin()).isEqualTo(FakeExchange.RETRY);
        assertThat(peer.witness.history())
                .endsWith(new LinkAction.LoginRetrying("testvpn1", AuthMethod.MSCHAPV2, LoginFailure.BAD_CREDENTIALS));
        peer.sendsLogin(FakeExchange.response("wrong"));
        assertThat(peer.nextLogin()).isEqualTo(FakeExchange.FAILURE);
        assertThat(peer.witness.history()).endsWith(new LinkAction.LoginFailed("testvpn1", AuthMethod.MSCHAPV2,
                LoginFailure.BAD_CREDENTIALS, "wrong password or unknown user"));
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.AUTHENTICATION_FAILED, "wrong password or unknown user");
    }

    @Test
    void peerThatNeverLogsInIsDisconnected() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
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
        ScriptedPeer peer = ScriptedPeer.loggedIn(EncryptionSettings.STRONG);
        peer.next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        peer.sendsLogin(FakeExchange.response(LinkConfigs.PASSWORD));
        assertThat(peer.nextLogin()).isEqualTo(FakeExchange.SUCCESS);
        peer.isQuiet();
        assertThat(peer.witness.terminated()).isNull();
    }

    @Test
    void rejectedLoginProtocolEndsTheLink() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.sends(PppProtocol.LCP, ControlCode.PROTOCOL_REJECT, 1, "c22301");
        peer.agreesToEnd();
        peer.endedWith(TerminationReason.AUTHENTICATION_REFUSED, "the peer agreed to mschapv2 and then rejected it");
    }

    @Test
    void everythingButLcpAndTheLoginIsDiscardedSilentlyBeforeTheLogin() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        sendsAllNetworkProtocols(peer);
        peer.opensLcp();
        peer.nextLogin();
        sendsAllNetworkProtocols(peer);
        peer.isQuiet();
    }

    @Test
    void otherLoginProtocolsThanTheOneAgreedAreIgnored() {
        ScriptedPeer peer = ScriptedPeer.server(EncryptionSettings.STRONG).start();
        peer.opensLcp();
        peer.nextLogin();
        peer.sends("c0230101001508" + "7465737476706e31" + "0774657374313233");
        peer.isQuiet();
    }

    private static void sendsAllNetworkProtocols(ScriptedPeer peer) {
        for (String frame : List.of("80210101000a030600000000", "80fd0101000a120601000040",
                "80570101000e010a00000000000000aa", "2145000054", "fd900000", "c0251234", "c2270101000501")) {
            peer.sends(frame);
        }
    }
}
