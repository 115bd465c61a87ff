package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChapV2;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChapAuthenticatorTest {
    private final TestUsers users = new TestUsers().withPassword("anna", "secret");

    private static byte[] sent(AuthAction action) {
        return ((AuthAction.Send) action).packet();
    }

    private static ChapPacket.Challenge challenge(List<AuthAction> actions) {
        return (ChapPacket.Challenge) ChapPacket.decode(sent(actions.getFirst()));
    }

    private static String failureText(List<AuthAction> actions) {
        return ((ChapPacket.Failure) ChapPacket.decode(sent(actions.getFirst()))).message();
    }

    private static byte[] response(AuthMethod method, int identifier, byte[] challenge, byte[] name, String password) {
        ChapProver prover = ChapProver.of(method, name, password, new SecureRandom());
        byte[] value = prover.answer(identifier, challenge).orElseThrow().value();
        return new ChapPacket.Response(identifier, value, name).encode();
    }

    private static byte[] response(AuthMethod method, ChapPacket.Challenge challenge, String password) {
        return response(method, challenge.identifier(), challenge.value(), "anna".getBytes(UTF_8), password);
    }

    @Test
    void challengeIsSentAgainEveryThreeSeconds() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        byte[] packet = sent(server.start(500).getFirst());
        assertThat(server.deadline()).isEqualTo(3_500);
        assertThat(server.tick(3_499)).isEmpty();
        for (int k = 0; k < 9; k++) {
            long due = 3_500 + 3_000L * k;
            assertThat(server.deadline()).isEqualTo(due);
            assertThat(sent(server.tick(due).getFirst())).isEqualTo(packet);
        }
        assertThat(server.tick(30_500)).containsExactly(
                new AuthAction.Failed("", AuthMethod.MSCHAPV2, LoginFailure.TIMEOUT, "no answer to 10 challenges"));
        assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(server.tick(Long.MAX_VALUE - 1)).isEmpty();
    }

    @Test
    void onALongPathTheChallengeIsSentAgainOnlyWhenAnAnswerCouldBeThere() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        server.pace(8_500);
        byte[] packet = sent(server.start(0).getFirst());
        assertThat(server.deadline()).isEqualTo(8_500);
        assertThat(sent(server.tick(8_500).getFirst())).isEqualTo(packet);
        assertThat(server.deadline()).isEqualTo(17_000);
    }

    /** As pppd does, whose every response has a challenge of its own. */
    @Test
    void aSecondRightResponseGetsItsOwnProofAndKeys() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        ChapPacket.Challenge challenge = challenge(server.start(0));
        List<AuthAction> first = server.receive(response(AuthMethod.MSCHAPV2, challenge, "secret"), 100);
        byte[] name = "anna".getBytes(UTF_8);
        ChapProver.Answer answer = ChapProver.of(AuthMethod.MSCHAPV2, name, "secret", new SecureRandom())
                .answer(challenge.identifier(), challenge.value())
                .orElseThrow();
        List<AuthAction> second = server
                .receive(new ChapPacket.Response(challenge.identifier(), answer.value(), name).encode(), 200);
        assertThat(((ChapPacket.Success) ChapPacket.decode(sent(second.getFirst()))).message())
                .startsWith(answer.serverProof());
        assertThat(keys(second).receive128()).isEqualTo(answer.mppeKeys().orElseThrow().send128());
        assertThat(keys(second).send128()).isNotEqualTo(keys(first).send128());
        assertThat(server.receive(response(AuthMethod.MSCHAPV2, challenge, "guess"), 300)).isEmpty();
        assertThat(users.admitted()).containsExactly("anna");
    }

    private static MppeStartKeys keys(List<AuthAction> actions) {
        return ((AuthAction.Succeeded) actions.getLast()).mppeKeys().orElseThrow();
    }

    @Test
    void windows98GetsItsProofBare() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        byte[] response = response(AuthMethod.MSCHAPV2, challenge(server.start(0)), "secret");
        response[4 + 1 + 48] = 4;
        assertThat(((ChapPacket.Success) ChapPacket.decode(sent(server.receive(response, 1).getFirst()))).message())
                .matches("S=[0-9A-F]{40}");
    }

    @ParameterizedTest
    @CsvSource({"MSCHAPV2, 16", "MSCHAPV1, 8", "CHAP_MD5, 16"})
    void challengesDifferAndHaveTheMethodsLength(AuthMethod method, int length) {
        ChapPacket.Challenge first = challenge(Login.server(method, users, 0).start(0));
        ChapPacket.Challenge second = challenge(Login.server(method, users, 0).start(0));
        assertThat(first.value()).hasSize(length).isNotEqualTo(second.value());
        assertThat(first.name()).asString().isEqualTo("gateway");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"EAP", "PAP"})
    void repeatedResponseGetsTheSameReplyAndIsAskedAboutOnce(AuthMethod method) {
        for (String password : List.of("secret", "guess")) {
            AuthExchange server = Login.server(method, users, 0);
            byte[] response = response(method, challenge(server.start(0)), password);
            List<AuthAction> first = server.receive(response, 1);
            assertThat(first).hasSize(2);
            List<AuthAction> again = server.receive(response, 60_000);
            assertThat(again).hasSize(1);
            assertThat(sent(again.getFirst())).isEqualTo(sent(first.getFirst()));
        }
        assertThat(users.admitted()).containsExactly("anna");
    }

    @Test
    void responseToAnotherChallengeIsIgnored() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        ChapPacket.Challenge challenge = challenge(server.start(0));
        byte[] response = response(AuthMethod.MSCHAPV2, challenge.identifier() + 1 & 0xff, challenge.value(),
                "anna".getBytes(UTF_8), "secret");
        assertThat(server.receive(response, 1)).isEmpty();
    }

    @Test
    void nothingIsAnsweredBeforeTheStart() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        byte[] response = response(AuthMethod.MSCHAPV2, 0, new byte[16], "anna".getBytes(UTF_8), "secret");
        assertThat(server.receive(response, 1)).isEmpty();
    }

    @Test
    void successOfMsChapV2HasTheServersProof() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        byte[] response = response(AuthMethod.MSCHAPV2, challenge(server.start(0)), "secret");
        var success = (ChapPacket.Success) ChapPacket.decode(sent(server.receive(response, 1).getFirst()));
        assertThat(success.message()).matches("S=[0-9A-F]{40} M=Login accepted");
    }

    @Test
    void failureHasAllItsFields() {
        AuthExchange v2 = Login.server(AuthMethod.MSCHAPV2, users, 0);
        assertThat(failureText(v2.receive(response(AuthMethod.MSCHAPV2, challenge(v2.start(0)), "guess"), 1)))
                .matches("E=691 R=0 C=[0-9A-F]{32} V=3 M=Authentication failed: unknown user or wrong password");
        AuthExchange v1 = Login.server(AuthMethod.MSCHAPV1, users, 0);
        assertThat(failureText(v1.receive(response(AuthMethod.MSCHAPV1, challenge(v1.start(0)), "guess"), 1)))
                .matches("E=691 R=0 C=[0-9A-F]{16} V=3 M=Authentication failed: unknown user or wrong password");
    }

    @ParameterizedTest
    @CsvSource({"MSCHAPV2, 1", "MSCHAPV2, 0", "MSCHAPV1, 1"})
    void anotherPasswordMayBeTriedOnANewChallenge(AuthMethod method, int identifierStep) {
        AuthExchange server = Login.server(method, users, 2);
        ChapPacket.Challenge challenge = challenge(server.start(0));
        byte[] wrong = response(method, challenge, "guess");
        List<AuthAction> first = server.receive(wrong, 1);
        assertThat(first.get(1)).isEqualTo(new AuthAction.Retrying("anna", method, LoginFailure.BAD_CREDENTIALS));
        MsChapFailure failure = MsChapFailure.parse(failureText(first)).orElseThrow();
        assertThat(failure.retry()).isTrue();
        assertThat(failure.challenge()).hasSameSizeAs(challenge.value()).isNotEqualTo(challenge.value());

        assertThat(sent(server.receive(wrong, 2).getFirst())).as("a lost Failure is repeated")
                .isEqualTo(sent(first.getFirst()));

        byte[] right = response(method, challenge.identifier() + identifierStep & 0xff, failure.challenge(),
                "anna".getBytes(UTF_8), "secret");
        List<AuthAction> second = server.receive(right, 10_000);
        assertThat(second.get(1)).isInstanceOf(AuthAction.Succeeded.class);
        assertThat(ChapPacket.decode(sent(second.getFirst())).identifier())
                .isEqualTo(challenge.identifier() + identifierStep & 0xff);
    }

    @Test
    void triesRunOut() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 2);
        ChapPacket.Challenge challenge = challenge(server.start(0));
        byte[] value = challenge.value();
        for (int k = 0; k < 3; k++) {
            List<AuthAction> actions = server.receive(response(AuthMethod.MSCHAPV2, challenge.identifier() + k & 0xff,
                    value, "anna".getBytes(UTF_8), "guess"), k);
            MsChapFailure failure = MsChapFailure.parse(failureText(actions)).orElseThrow();
            assertThat(failure.retry()).isEqualTo(k < 2);
            assertThat(actions.get(1)).isInstanceOf(k < 2 ? AuthAction.Retrying.class : AuthAction.Failed.class);
            value = failure.challenge();
        }
        assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void nobodyWaitsForeverForAnotherPassword() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 2);
        server.receive(response(AuthMethod.MSCHAPV2, challenge(server.start(0)), "guess"), 1_000);
        assertThat(server.deadline()).isEqualTo(61_000);
        assertThat(server.tick(61_000)).containsExactly(new AuthAction.Failed("anna", AuthMethod.MSCHAPV2,
                LoginFailure.BAD_CREDENTIALS, "wrong password, and no other one within 60 s"));
    }

    @Test
    void plainChapKnowsNoSecondTry() {
        AuthExchange server = Login.server(AuthMethod.CHAP_MD5, users, 2);
        List<AuthAction> actions = server.receive(response(AuthMethod.CHAP_MD5, challenge(server.start(0)), "guess"),
                1);
        assertThat(actions.get(1)).isInstanceOf(AuthAction.Failed.class);
        assertThat(failureText(actions)).isEqualTo("Authentication failed: unknown user or wrong password");
    }

    /** RFC 2759 section 4 hashes the bare name; some peers hash what they send. */
    @ParameterizedTest
    @CsvSource({"anna", "OFFICE\\anna"})
    void domainMayBePartOfTheHashOrNot(String hashedName) {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        ChapPacket.Challenge challenge = challenge(server.start(0));
        byte[] hash = MsChapV2.challengeHash(new byte[16], challenge.value(), hashedName.getBytes(UTF_8));
        byte[] ntResponse = MsChap.challengeResponse(hash, MsChap.ntPasswordHash("secret"));
        var response = new ChapPacket.Response(challenge.identifier(),
                new MsChapResponse(new byte[24], ntResponse, 0).encode(), "OFFICE\\anna".getBytes(UTF_8));
        assertThat(server.receive(response.encode(), 1)).last().isInstanceOf(AuthAction.Succeeded.class);
    }

    @ParameterizedTest
    @CsvSource({"MSCHAPV2, 48", "MSCHAPV2, 1", "MSCHAPV1, 50", "CHAP_MD5, 15", "CHAP_MD5, 255"})
    void valueOfAnotherLengthIsAWrongPassword(AuthMethod method, int length) {
        AuthExchange server = Login.server(method, users, 0);
        int identifier = challenge(server.start(0)).identifier();
        var response = new ChapPacket.Response(identifier, new byte[length], "anna".getBytes(UTF_8));
        assertThat(server.receive(response.encode(), 1)).last()
                .extracting("reason")
                .isEqualTo(LoginFailure.BAD_CREDENTIALS);
    }

    @Test
    void nameNeedNotBeUtf8AndCannotForgeLogLines() {
        users.withPassword("jürgen", "secret");
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        ChapPacket.Challenge challenge = challenge(server.start(0));
        List<AuthAction> actions = server.receive(response(AuthMethod.MSCHAPV2, challenge.identifier(),
                challenge.value(), "jürgen".getBytes(ISO_8859_1), "secret"), 1);
        assertThat(actions).last().extracting("username").isEqualTo("jürgen");

        AuthExchange other = Login.server(AuthMethod.MSCHAPV2, users, 0);
        ChapPacket.Challenge otherChallenge = challenge(other.start(0));
        List<AuthAction> forged = other.receive(response(AuthMethod.MSCHAPV2, otherChallenge.identifier(),
                otherChallenge.value(), "eve\nlogin of anna".getBytes(UTF_8), "secret"), 1);
        assertThat(forged).last().extracting("username").isEqualTo("eve\uFFFDlogin of anna");
    }

    @Test
    void overlongNameIsIgnored() {
        AuthExchange server = Login.server(AuthMethod.MSCHAPV2, users, 0);
        int identifier = challenge(server.start(0)).identifier();
        assertThat(server.receive(new ChapPacket.Response(identifier, new byte[49], new byte[257]).encode(), 1))
                .isEmpty();
    }
}
