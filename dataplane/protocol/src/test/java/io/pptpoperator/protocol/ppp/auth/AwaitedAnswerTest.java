package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Authenticators whose questions are answered later. */
class AwaitedAnswerTest {
    private static final byte[] ANNA = "anna".getBytes(UTF_8);
    private static final String PASSWORD = "secret";
    private static final long LATER = 20_000;

    private final TestUsers users = new TestUsers().withPassword("anna", PASSWORD);

    private static AuthExchange server(AuthMethod method, int retries) {
        return AuthExchanges.authenticator(method, new AuthenticatorSettings("gateway", retries), new SecureRandom());
    }

    private static byte[] sent(AuthAction action) {
        return ((AuthAction.Send) action).packet();
    }

    private static LoginQuestion asked(List<AuthAction> actions) {
        return ((AuthAction.Ask) actions.getLast()).question();
    }

    /** What a peer sends that knows this password; another one each time. */
    private static byte[] proof(AuthMethod method, List<AuthAction> started, String name, String password) {
        if (method == AuthMethod.PAP) {
            return new PapPacket.Request(1, name.getBytes(UTF_8), password.getBytes(UTF_8)).encode();
        }
        var challenge = (ChapPacket.Challenge) ChapPacket.decode(sent(started.getFirst()));
        return response(method, challenge.identifier(), challenge.value(), name, password).packet();
    }

    private record Response(byte[] packet, ChapProver.Answer answer) {}

    private static Response response(AuthMethod method, int identifier, byte[] challenge, String name,
            String password) {
        byte[] bytes = name.getBytes(UTF_8);
        ChapProver.Answer answer = ChapProver.of(method, bytes, password, new SecureRandom())
                .answer(identifier, challenge)
                .orElseThrow();
        return new Response(new ChapPacket.Response(identifier, answer.value(), bytes).encode(), answer);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void nothingIsSentUntilTheAnswerComesWhateverThePeerRepeats(AuthMethod method) {
        AuthExchange server = server(method, 2);
        List<AuthAction> started = server.start(0);
        byte[] proof = proof(method, started, "anna", PASSWORD);
        List<AuthAction> question = server.receive(proof, 100);
        assertThat(question).singleElement().isInstanceOf(AuthAction.Ask.class);
        assertThat(asked(question).name()).isEqualTo("anna");
        assertThat(asked(question).method()).isEqualTo(method);
        assertThat(asked(question).repeated()).isFalse();
        assertThat(server.deadline()).as("no challenge is sent again").isEqualTo(Long.MAX_VALUE);
        for (int second = 1; second < 20; second++) {
            assertThat(server.receive(proof, 1_000L * second)).isEmpty();
            assertThat(server.tick(1_000L * second)).isEmpty();
        }

        List<AuthAction> done = server.answered(users.decide(asked(question)), LATER);
        assertThat(done).hasSize(2).last().isInstanceOf(AuthAction.Succeeded.class);
        assertThat(server.receive(proof, LATER + 1)).as("a lost reply is repeated")
                .singleElement()
                .satisfies(again -> assertThat(sent(again)).isEqualTo(sent(done.getFirst())));
        assertThat(server.answered(users.decide(asked(question)), LATER + 2)).as("a second answer").isEmpty();
    }

    /** Step by step, byte by byte but for the challenges: an unknown name is asked about, and refused, like a wrong password. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void anUnknownUserLooksLikeAWrongPasswordHoweverLongTheAnswerTakes(AuthMethod method) {
        assertThat(course(method, "nobody", PASSWORD)).isEqualTo(course(method, "anna", "guess"));
    }

    private List<String> course(AuthMethod method, String name, String password) {
        AuthExchange server = server(method, 0);
        byte[] proof = proof(method, server.start(0), name, password);
        List<AuthAction> question = server.receive(proof, 1);
        LoginAnswer answer = users.decide(asked(question));
        List<AuthAction> waiting = server.receive(proof, 2);
        List<AuthAction> refused = server.answered(answer, LATER);
        return List.of(question.size() + " question", answer.toString(), waiting.size() + " while waiting",
                refused.size() + " then", text(method, sent(refused.getFirst())), "until " + server.deadline());
    }

    private static String text(AuthMethod method, byte[] packet) {
        String text = method == AuthMethod.PAP
                ? ((PapPacket.Nak) PapPacket.decode(packet)).message()
                : ((ChapPacket.Failure) ChapPacket.decode(packet)).message();
        return text.replaceAll("C=[0-9A-F]+", "C=");
    }

    @Test
    void aWrongPasswordIsToldLateAndAnotherOneMayBeTried() {
        AuthExchange server = server(AuthMethod.MSCHAPV2, 1);
        List<AuthAction> started = server.start(0);
        LoginQuestion first = asked(server.receive(proof(AuthMethod.MSCHAPV2, started, "anna", "guess"), 1));
        List<AuthAction> invited = server.answered(users.decide(first), LATER);
        assertThat(invited).last()
                .isEqualTo(new AuthAction.Retrying("anna", AuthMethod.MSCHAPV2, LoginFailure.BAD_CREDENTIALS));
        assertThat(server.deadline()).isEqualTo(LATER + AuthenticatorSettings.RETRY_MILLIS);
        var failure = (ChapPacket.Failure) ChapPacket.decode(sent(invited.getFirst()));
        byte[] challenge = MsChapFailure.parse(failure.message()).orElseThrow().challenge();
        Response second = response(AuthMethod.MSCHAPV2, failure.identifier() + 1 & 0xff, challenge, "anna", PASSWORD);
        LoginQuestion again = asked(server.receive(second.packet(), LATER + 1));
        assertThat(server.answered(users.decide(again), LATER + 2)).last().isInstanceOf(AuthAction.Succeeded.class);
    }

    /** As of pppd, whose every response has a challenge of its own, when a challenge crossed its first response. */
    @Test
    void theLastOfSeveralResponsesGetsItsProofAndTheLoginItsKeys() {
        AuthExchange server = server(AuthMethod.MSCHAPV2, 0);
        var challenge = (ChapPacket.Challenge) ChapPacket.decode(sent(server.start(0).getFirst()));
        Response[] responses = new Response[3];
        for (int k = 0; k < responses.length; k++) {
            responses[k] = response(AuthMethod.MSCHAPV2, challenge.identifier(), challenge.value(), "anna", PASSWORD);
        }
        LoginQuestion first = asked(server.receive(responses[0].packet(), 1));
        assertThat(server.receive(responses[1].packet(), 2)).isEmpty();
        assertThat(server.receive(responses[2].packet(), 3)).isEmpty();
        List<AuthAction> accepted = server.answered(users.decide(first), 4);
        assertThat(accepted).singleElement().isInstanceOf(AuthAction.Ask.class);
        assertThat(asked(accepted).repeated()).isTrue();

        List<AuthAction> done = server.answered(users.decide(asked(accepted)), 5);
        var success = (ChapPacket.Success) ChapPacket.decode(sent(done.getFirst()));
        assertThat(success.message()).startsWith(responses[2].answer().serverProof());
        assertThat(((AuthAction.Succeeded) done.getLast()).mppeKeys().orElseThrow().receive128())
                .isEqualTo(responses[2].answer().mppeKeys().orElseThrow().send128());
        assertThat(users.admitted()).as("admitted once").containsExactly("anna");
    }

    /** Somebody on the way must not be able to spoil a login by a response of his own. */
    @Test
    void aForgedSecondResponseDoesNotKeepThePeerOut() {
        AuthExchange server = server(AuthMethod.MSCHAPV2, 0);
        var challenge = (ChapPacket.Challenge) ChapPacket.decode(sent(server.start(0).getFirst()));
        Response right = response(AuthMethod.MSCHAPV2, challenge.identifier(), challenge.value(), "anna", PASSWORD);
        Response forged = response(AuthMethod.MSCHAPV2, challenge.identifier(), challenge.value(), "anna", "guess");
        LoginQuestion first = asked(server.receive(right.packet(), 1));
        server.receive(forged.packet(), 2);
        LoginQuestion second = asked(server.answered(users.decide(first), 3));
        List<AuthAction> done = server.answered(users.decide(second), 4);
        assertThat(((ChapPacket.Success) ChapPacket.decode(sent(done.getFirst()))).message())
                .startsWith(right.answer().serverProof());
        assertThat(done).last().isInstanceOf(AuthAction.Succeeded.class);
    }

    @Test
    void responsesThatNeverEndAreNotAskedAboutForEver() {
        AuthExchange server = server(AuthMethod.MSCHAPV2, 0);
        var challenge = (ChapPacket.Challenge) ChapPacket.decode(sent(server.start(0).getFirst()));
        int questions = 0;
        for (int k = 0; k < 100; k++) {
            for (AuthAction action : server.receive(
                    response(AuthMethod.MSCHAPV2, challenge.identifier(), challenge.value(), "anna", PASSWORD).packet(),
                    k)) {
                questions++;
                server.answered(users.decide(((AuthAction.Ask) action).question()), k);
            }
        }
        assertThat(questions).isEqualTo(21);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void whereNobodyCanDecideThePeerIsNotToldThatItsPasswordIsWrong(AuthMethod method) {
        AuthExchange server = server(method, 2);
        byte[] proof = proof(method, server.start(0), "anna", PASSWORD);
        server.receive(proof, 1);
        List<AuthAction> done = server.answered(new LoginAnswer.Rejected(LoginFailure.NO_DECISION), LATER);
        assertThat(done).containsExactly(
                new AuthAction.Failed("anna", method, LoginFailure.NO_DECISION, "The login cannot be decided now"));
        assertThat(server.receive(proof, LATER + 1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MSCHAPV2, DISABLED, E=647", "CHAP_MD5, DISABLED, See the help desk",
            "PAP, DISABLED, See the help desk"})
    void thePeerReadsTheWordsOfWhoeverDecides(AuthMethod method, LoginFailure reason, String start) {
        AuthExchange server = server(method, 2);
        server.receive(proof(method, server.start(0), "anna", PASSWORD), 1);
        List<AuthAction> done = server.answered(new LoginAnswer.Rejected(reason, Optional.of("See the help desk")), 2);
        assertThat(text(method, sent(done.getFirst()))).startsWith(start).endsWith("See the help desk");
        assertThat(done).last().isInstanceOf(AuthAction.Failed.class);
    }

    @Test
    void longWordsAreCutToWhatFitsAPacketOfPap() {
        AuthExchange server = server(AuthMethod.PAP, 0);
        server.receive(proof(AuthMethod.PAP, server.start(0), "anna", PASSWORD), 1);
        List<AuthAction> done = server
                .answered(new LoginAnswer.Rejected(LoginFailure.DISABLED, Optional.of("é".repeat(200))), 2);
        assertThat(text(AuthMethod.PAP, sent(done.getFirst()))).isEqualTo("é".repeat(127));
    }

    @Test
    void aPapPeerThatCountsItsRequestsIsAnsweredByItsLast() {
        AuthExchange server = server(AuthMethod.PAP, 0);
        server.start(0);
        LoginQuestion question = asked(
                server.receive(new PapPacket.Request(1, ANNA, PASSWORD.getBytes(UTF_8)).encode(), 1));
        server.receive(new PapPacket.Request(2, ANNA, PASSWORD.getBytes(UTF_8)).encode(), 3_001);
        server.receive(new PapPacket.Request(3, ANNA, "other".getBytes(UTF_8)).encode(), 3_002);
        List<AuthAction> done = server.answered(users.decide(question), 4_000);
        assertThat(PapPacket.decode(sent(done.getFirst())).identifier()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void anAnswerThatNobodyAskedForHasNoEffect(AuthMethod method) {
        AuthExchange server = server(method, 0);
        var accepted = new LoginAnswer.Accepted("anna", LoginProof.WELCOME, LoginGrant.NONE);
        assertThat(server.answered(accepted, 0)).isEmpty();
        server.start(0);
        assertThat(server.answered(accepted, 1)).isEmpty();
    }
}
