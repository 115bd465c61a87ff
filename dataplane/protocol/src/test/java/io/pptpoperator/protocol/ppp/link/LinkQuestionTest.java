package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthExchanges;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.AuthenticatorSettings;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.auth.LoginProof;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link whose questions about its peer are answered later, or never. */
class LinkQuestionTest {
    private static final String PAP_REQUEST = "c023" + "01010015" + "08" + "7465737476706e31" + "07" + "74657374313233";
    private static final LoginAnswer YES = new LoginAnswer.Accepted("testvpn1", LoginProof.WELCOME,
            LoginGrant.of(LinkConfigs.PLAN));

    private final ScriptedPeer peer = new ScriptedPeer(LinkConfigs.server(EncryptionSettings.NONE,
            List.of(AuthMethod.PAP),
            method -> AuthExchanges.authenticator(method, new AuthenticatorSettings("server", 0), new SecureRandom())));

    @BeforeEach
    void asks() {
        peer.start();
        peer.opensLcp();
        peer.sends(PAP_REQUEST);
        assertThat(peer.witness.history()).last().isInstanceOf(LinkAction.Ask.class);
        assertThat(peer.link.awaits(1)).isTrue();
        assertThat(peer.link.awaits(2)).isFalse();
    }

    private void answers(int question) {
        peer.act(peer.link.answered(question, YES, peer.now));
    }

    @Test
    void theAnswerLetsThePeerIn() {
        answers(1);
        assertThat(peer.link.awaits(1)).isFalse();
        assertThat(peer.nextFrame()).startsWith("c0230201");
        peer.opensIpcp();
        assertThat(peer.witness.isUp()).isTrue();
        answers(1);
        peer.isQuiet();
    }

    @Test
    void theLinksOwnPatienceDoesNotRunMeanwhile() {
        peer.waits(25_000);
        peer.sends(PppProtocol.LCP, ControlCode.ECHO_REPLY, 1, "00000000");
        peer.waits(25_000);
        assertThat(peer.link.awaits(1)).isTrue();
        assertThat(peer.witness.terminated()).isNull();
    }

    @Test
    void aPeerThatBeginsAnewMeanwhileIsAskedAboutAnewAndTheFormerAnswerHasNoEffect() {
        peer.sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 9, ScriptedPeer.LINUX_LCP);
        assertThat(peer.link.awaits(1)).isFalse();
        ControlPacket request = peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        peer.next(PppProtocol.LCP, ControlCode.CONFIGURE_ACK);
        answers(1);
        peer.isQuiet();
        peer.acknowledges(PppProtocol.LCP, request);
        peer.sends(PAP_REQUEST);
        assertThat(peer.link.awaits(2)).isTrue();
        answers(1);
        peer.isQuiet();
        answers(2);
        assertThat(peer.nextFrame()).startsWith("c0230201");
    }

    @Test
    void aPeerThatTerminatesMeanwhileIsLetGo() {
        peer.sends(PppProtocol.LCP, ControlCode.TERMINATE_REQUEST, 9, "");
        peer.next(PppProtocol.LCP, ControlCode.TERMINATE_ACK);
        assertThat(peer.link.awaits(1)).isFalse();
        answers(1);
        peer.isQuiet();
    }

    @Test
    void networkProtocolsAreDiscardedSilentlyMeanwhile() {
        peer.sends("80210101000a030600000000");
        peer.isQuiet();
    }
}
