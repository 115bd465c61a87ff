package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChapPeerTest {
    private static final byte[] SERVER = "gateway".getBytes(UTF_8);

    private final AuthExchange peer = AuthExchanges.peer(AuthMethod.MSCHAPV2, "OFFICE\\anna", "secret",
            new SecureRandom());

    private static byte[] sent(List<AuthAction> actions) {
        return ((AuthAction.Send) actions.getFirst()).packet();
    }

    private static byte[] challenge(int identifier) {
        byte[] value = new byte[16];
        value[0] = (byte) identifier;
        return new ChapPacket.Challenge(identifier, value, SERVER).encode();
    }

    @ParameterizedTest
    @CsvSource({"0, 1000, 4000", "2700, 2700, 5700", "8500, 8500, 17000"})
    void theResponseIsSentAgainOnlyWhenAnAnswerCouldBeThere(long answerMillis, long second, long third) {
        peer.pace(answerMillis);
        peer.start(0);
        byte[] response = sent(peer.receive(challenge(1), 0));
        assertThat(peer.deadline()).isEqualTo(second);
        assertThat(sent(peer.tick(second))).isEqualTo(response);
        assertThat(peer.deadline()).isEqualTo(third);
    }

    @Test
    void domainIsSentButNotHashed() {
        peer.start(0);
        var response = (ChapPacket.Response) ChapPacket.decode(sent(peer.receive(challenge(3), 1)));
        assertThat(response.name()).asString().isEqualTo("OFFICE\\anna");
        var bare = new ChapPacket.Response(3, response.value(), "anna".getBytes(UTF_8));
        byte[] value = new byte[16];
        value[0] = 3;
        assertThat(new MsChapV2Verifier().verify(value, bare, new Credentials.Password("secret"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"''", "Welcome", "S=0000000000000000000000000000000000000000 M=Welcome", "S="})
    void serverThatDoesNotKnowThePasswordIsFoundOut(String message) {
        peer.start(0);
        peer.receive(challenge(3), 1);
        assertThat(peer.receive(new ChapPacket.Success(3, message).encode(), 2)).containsExactly(
                new AuthAction.Failed("OFFICE\\anna", AuthMethod.MSCHAPV2, LoginFailure.SERVER_NOT_VERIFIED,
                        "the server accepted the password without proving that it knows it: it may be an impostor"));
    }

    @Test
    void sameChallengeGetsTheSameResponse() {
        peer.start(0);
        byte[] first = sent(peer.receive(challenge(3), 1));
        assertThat(sent(peer.receive(challenge(3), 2))).isEqualTo(first);
        assertThat(sent(peer.tick(1_001))).isEqualTo(first);
        assertThat(sent(peer.receive(challenge(4), 1_002))).isNotEqualTo(first);
    }

    @Test
    void successWithoutAResponseIsIgnored() {
        peer.start(0);
        assertThat(peer.receive(new ChapPacket.Success(0, "S=").encode(), 1)).isEmpty();
        peer.receive(challenge(3), 1);
        assertThat(peer.receive(new ChapPacket.Success(4, "S=").encode(), 2)).isEmpty();
    }

    @Test
    void challengeOfAnotherLengthIsIgnored() {
        peer.start(0);
        assertThat(peer.receive(new ChapPacket.Challenge(1, new byte[8], SERVER).encode(), 1)).isEmpty();
        var version1 = AuthExchanges.peer(AuthMethod.MSCHAPV1, "anna", "secret", new SecureRandom());
        version1.start(0);
        assertThat(version1.receive(challenge(1), 1)).isEmpty();
    }

    @Test
    void laterChallengeIsAnsweredWithoutASecondLogin() {
        var users = new TestUsers().withPassword("anna", "secret");
        var plain = AuthExchanges.peer(AuthMethod.CHAP_MD5, "anna", "secret", new SecureRandom());
        plain.start(0);
        plain.receive(challenge(1), 1);
        assertThat(plain.receive(new ChapPacket.Success(1, "").encode(), 2)).first()
                .isInstanceOf(AuthAction.Succeeded.class);
        AuthExchange again = Login.server(AuthMethod.CHAP_MD5, users, 0);
        byte[] response = sent(plain.receive(sent(again.start(0)), 60_000));
        List<AuthAction> verdict = again.receive(response, 60_001);
        assertThat(verdict).last().isInstanceOf(AuthAction.Succeeded.class);
        assertThat(plain.receive(sent(verdict), 60_002)).isEmpty();
        assertThat(plain.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"E=691 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Wrong|BAD_CREDENTIALS|error 691 \"Wrong\"",
                    "E=647 R=0 V=3 M=Off|DISABLED|error 647 \"Off\"", "E=648|EXPIRED|error 648 \"\"",
                    "E=646 R=0 M=Not at night|OUTSIDE_HOURS|error 646 \"Not at night\"",
                    "Go away|BAD_CREDENTIALS|\"Go away\"", "''|BAD_CREDENTIALS|\"\""})
    void failureIsToldInWords(String message, LoginFailure reason, String detail) {
        peer.start(0);
        peer.receive(challenge(9), 1);
        assertThat(peer.receive(new ChapPacket.Failure(9, message).encode(), 2)).containsExactly(new AuthAction.Failed(
                "OFFICE\\anna", AuthMethod.MSCHAPV2, reason, "the server refused the login: " + detail));
        assertThat(peer.receive(challenge(10), 3)).isEmpty();
    }
}
