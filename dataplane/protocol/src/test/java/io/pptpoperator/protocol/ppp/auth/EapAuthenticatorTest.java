package io.pptpoperator.protocol.ppp.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The authenticator's side of EAP, where somebody else speaks the method. */
class EapAuthenticatorTest {
    private static final byte[] STATE = {1, 2, 3};
    private static final MppeStartKeys KEYS = new MppeStartKeys(new byte[16], new byte[16], new byte[8], new byte[8]);

    private final EapAuthenticator server = new EapAuthenticator(new SecureRandom());

    private static byte[] packet(int code, int identifier, int... data) {
        byte[] bytes = new byte[data.length];
        for (int k = 0; k < data.length; k++) {
            bytes[k] = (byte) data[k];
        }
        return new EapPacket(code, identifier, bytes).encode();
    }

    private static byte[] identity(int identifier, String name) {
        byte[] text = ("\u0001" + name).getBytes(StandardCharsets.UTF_8);
        return new EapPacket(EapPacket.RESPONSE, identifier, text).encode();
    }

    private static byte[] sent(List<AuthAction> actions) {
        return actions.stream()
                .filter(AuthAction.Send.class::isInstance)
                .map(it -> ((AuthAction.Send) it).packet())
                .reduce((one, other) -> {
                    throw new AssertionError("two packets");
                })
                .orElseThrow();
    }

    private static LoginQuestion asked(List<AuthAction> actions) {
        assertThat(actions).singleElement().isInstanceOf(AuthAction.Ask.class);
        return ((AuthAction.Ask) actions.getFirst()).question();
    }

    private int start() {
        server.fit(1400);
        byte[] request = sent(server.start(0));
        assertThat(request).hasSize(5).startsWith(EapPacket.REQUEST).endsWith(EapPacket.IDENTITY);
        return request[1] & 0xff;
    }

    @Test
    void theConversationGoesFromOneToTheOtherUntilItIsDecided() {
        byte[] name = identity(start(), "alice@corp");
        LoginQuestion first = asked(server.receive(name, 1));
        assertThat(first.name()).isEqualTo("alice@corp");
        assertThat(first.evidence()).isInstanceOfSatisfying(LoginEvidence.Eap.class, eap -> {
            assertThat(eap.packet()).isEqualTo(name);
            assertThat(eap.conversation()).isEmpty();
            assertThat(eap.longest()).isEqualTo(1400);
        });
        byte[] request = packet(EapPacket.REQUEST, 77, 13, 0x20);
        assertThat(sent(server.answered(new LoginAnswer.Continued(request, List.of(STATE)), 2))).isEqualTo(request);

        byte[] response = packet(EapPacket.RESPONSE, 77, 13, 0, 22, 3);
        LoginQuestion second = asked(server.receive(response, 3));
        assertThat(second.name()).isEqualTo("alice@corp");
        assertThat(second.evidence()).isInstanceOfSatisfying(LoginEvidence.Eap.class, eap -> {
            assertThat(eap.packet()).isEqualTo(response);
            assertThat(eap.conversation()).containsExactly(STATE);
        });
        List<AuthAction> done = server
                .answered(new LoginAnswer.Accepted("alice", new LoginProof("", Optional.of(KEYS)), LoginGrant.NONE), 4);
        assertThat(sent(done)).isEqualTo(packet(EapPacket.SUCCESS, 77));
        assertThat(done.getLast())
                .isEqualTo(new AuthAction.Succeeded("alice", AuthMethod.EAP, Optional.of(KEYS), LoginGrant.NONE));
        assertThat(sent(server.receive(response, 5))).as("the Success was lost")
                .isEqualTo(packet(EapPacket.SUCCESS, 77));
        assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsNotTheAnswerToTheRequestIsPassedBy() {
        int identifier = start();
        assertThat(server.receive(identity(identifier + 1 & 0xff, "alice"), 1)).isEmpty();
        assertThat(server.receive(packet(EapPacket.REQUEST, identifier, 1), 1)).isEmpty();
        assertThat(server.receive(packet(EapPacket.SUCCESS, identifier), 1)).isEmpty();
        assertThat(server.receive(packet(EapPacket.RESPONSE, identifier, 3, 13), 1)).as("a Nak is no name").isEmpty();
        asked(server.receive(identity(identifier, "alice"), 1));
        assertThat(server.receive(identity(identifier, "alice"), 2)).as("an answer is on its way").isEmpty();
    }

    @Test
    void aRefusalIsAFailureWithTheIdentifierOfTheResponse() {
        int identifier = start();
        server.receive(identity(identifier, "mallory"), 1);
        List<AuthAction> refused = server.answered(new LoginAnswer.Rejected(LoginFailure.RADIUS_REJECTED), 2);
        assertThat(sent(refused)).isEqualTo(packet(EapPacket.FAILURE, identifier));
        assertThat(refused.getLast()).isInstanceOfSatisfying(AuthAction.Failed.class,
                failed -> assertThat(failed.username()).isEqualTo("mallory"));
    }

    @ParameterizedTest
    @EnumSource(value = LoginFailure.class, names = {"NO_DECISION", "RADIUS_UNREACHABLE"})
    void whereNobodyCanSayThePeerIsNotToldThatItIsWrong(LoginFailure reason) {
        int identifier = start();
        server.receive(identity(identifier, "alice"), 1);
        assertThat(server.answered(new LoginAnswer.Rejected(reason), 2)).singleElement()
                .isInstanceOf(AuthAction.Failed.class);
        assertThat(server.receive(identity(identifier, "alice"), 3)).isEmpty();
    }

    @Test
    void whatIsLostIsSentAgainAndNotForEver() {
        byte[] request = packet(EapPacket.REQUEST, start(), EapPacket.IDENTITY);
        int times = 1;
        while (true) {
            List<AuthAction> due = server.tick(server.deadline());
            if (!(due.getFirst() instanceof AuthAction.Send)) {
                assertThat(due).singleElement()
                        .isInstanceOfSatisfying(AuthAction.Failed.class,
                                failed -> assertThat(failed.reason()).isEqualTo(LoginFailure.TIMEOUT));
                break;
            }
            assertThat(sent(due)).isEqualTo(request);
            times++;
        }
        assertThat(times).isEqualTo(RetransmissionTimer.MAX_TRANSMISSIONS);
    }

    @Test
    void aConversationThatGoesRoundInCirclesEnds() {
        server.receive(identity(start(), "alice"), 1);
        for (int round = 1; round < EapAuthenticator.MOST_ROUNDS; round++) {
            byte[] request = packet(EapPacket.REQUEST, round, 13, 0);
            server.answered(new LoginAnswer.Continued(request, List.of(STATE)), round);
            asked(server.receive(packet(EapPacket.RESPONSE, round, 13, 0), round));
        }
        List<AuthAction> end = server
                .answered(new LoginAnswer.Continued(packet(EapPacket.REQUEST, 7, 13, 0), List.of(STATE)), 1_000);
        assertThat(end).singleElement()
                .isInstanceOfSatisfying(AuthAction.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(LoginFailure.NO_DECISION));
    }

    @Test
    void aDeciderThatGoesOnWithNonsenseDecidesNothing() {
        server.receive(identity(start(), "alice"), 1);
        assertThat(server.answered(new LoginAnswer.Continued(new byte[3], List.of()), 2)).singleElement()
                .isInstanceOf(AuthAction.Failed.class);
    }

    /** Whatever a stranger sends, in whatever state: no exception, and never a Success that nobody decided on. */
    @Test
    void noBytesOfThePeerDoAnyHarm() {
        var random = new Random(26);
        for (int run = 0; run < 2_000; run++) {
            var fuzzed = new EapAuthenticator(new SecureRandom());
            byte[] request = sent(fuzzed.start(0));
            var answers = new ArrayList<>(List.of(identity(request[1] & 0xff, "alice")));
            for (int k = 0; k < 50; k++) {
                byte[] packet = answers.get(random.nextInt(answers.size())).clone();
                switch (random.nextInt(4)) {
                    case 0 -> packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> packet = Arrays.copyOf(packet, random.nextInt(packet.length + 8));
                    case 2 -> {
                        packet = new byte[random.nextInt(40)];
                        random.nextBytes(packet);
                    }
                    default -> {
                    }
                }
                for (AuthAction action : fuzzed.receive(packet, k)) {
                    assertThat(action).isNotInstanceOf(AuthAction.Succeeded.class);
                    if (action instanceof AuthAction.Ask) {
                        fuzzed.answered(new LoginAnswer.Continued(packet(EapPacket.REQUEST, k, 13, 0), List.of(STATE)),
                                k);
                        answers.add(packet(EapPacket.RESPONSE, k, 13, 0, 1));
                    }
                }
            }
        }
    }
}
