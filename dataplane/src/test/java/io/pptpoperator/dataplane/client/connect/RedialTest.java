package io.pptpoperator.dataplane.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.dataplane.client.connect.Redial.Decision;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When a client dials again. */
class RedialTest {

    private static final SessionEnd UNREACHABLE = new SessionEnd(Optional.of(LoginStep.TCP), Optional.empty(),
            Optional.empty(), "connection refused");
    private static final SessionEnd LOST = new SessionEnd(Optional.empty(), Optional.of(TerminationReason.ECHO_TIMEOUT),
            Optional.empty(), "the peer is silent");
    private static final SessionEnd WRONG_PASSWORD = new SessionEnd(Optional.of(LoginStep.AUTHENTICATION),
            Optional.of(TerminationReason.AUTHENTICATION_FAILED), Optional.of(LoginFailure.BAD_CREDENTIALS), "691");
    private static final SessionEnd KEYS_LOST = new SessionEnd(Optional.empty(),
            Optional.of(TerminationReason.ENCRYPTION_REFUSED), Optional.empty(), "nothing decrypts");
    private static final SessionEnd IMPOSTOR = new SessionEnd(Optional.of(LoginStep.AUTHENTICATION),
            Optional.of(TerminationReason.AUTHENTICATION_FAILED), Optional.of(LoginFailure.SERVER_NOT_VERIFIED),
            "the server does not prove the password");

    @Test
    void theFirstFailureIsTheLastUnlessTheUserPersists() {
        assertThat(new Redial(false, new Random(1)).after(UNREACHABLE)).isEqualTo(new Decision.Never());
        assertThat(new Redial(true, new Random(1)).after(UNREACHABLE)).isInstanceOf(Decision.Again.class);
    }

    @Test
    void aConnectionThatIsLostIsDialledAgainWithGrowingDelays() {
        var redial = new Redial(false, new Random(1));
        long expected = Redial.FIRST_DELAY;
        SessionEnd end = LOST;
        for (int i = 0; i < 12; i++) {
            assertThat(redial.after(end)).isInstanceOfSatisfying(Decision.Again.class, new DelayWithin(expected));
            expected = Math.min(2 * expected, Redial.LONGEST_DELAY);
            end = UNREACHABLE;
        }
        assertThat(redial.after(LOST)).isInstanceOfSatisfying(Decision.Again.class,
                new DelayWithin(Redial.FIRST_DELAY));
    }

    private record DelayWithin(long longest) implements Consumer<Decision.Again> {
        @Override
        public void accept(Decision.Again again) {
            assertThat(again.delay()).isBetween(longest / 2, longest);
        }
    }

    @Test
    void whatWasRightBeforeMayBePutRightAgain() {
        var redial = new Redial(false, new Random(1));
        redial.after(LOST);
        assertThat(redial.after(WRONG_PASSWORD)).isInstanceOf(Decision.Again.class);
        assertThat(redial.after(KEYS_LOST)).isInstanceOf(Decision.Again.class);
    }

    @Test
    void aServerThatDoesNotKnowThePasswordIsNotDialledAgain() {
        var redial = new Redial(true, new Random(1));
        redial.after(LOST);
        assertThat(redial.after(IMPOSTOR)).isEqualTo(new Decision.Never());
    }
}
