package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guessing is slow, and keeps nobody else out. */
class LoginBackoffTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address ATTACKER = Ipv4Address.parse("198.51.100.66");

    private final LoginBackoff backoff = new LoginBackoff();

    /** How many of so many wrong passwords are looked at. */
    private int wrong(Ipv4Address source, String name, int tries, long now) {
        int tried = 0;
        for (int i = 0; i < tries; i++) {
            tried += backoff.mayTry(source, name, now) ? 1 : 0;
        }
        return tried;
    }

    private void logIn(Ipv4Address source, String name, long now) {
        assertThat(backoff.mayTry(source, name, now)).isTrue();
        backoff.proved(source, name);
    }

    /** Wrong passwords for a name from as many sources as it takes, until it counts as attacked. */
    private void attack(String name, long now) {
        int tried = 0;
        for (int i = 0; tried < LoginBackoff.NAME_BURST; i++) {
            tried += wrong(ATTACKER.plus(i), name, LoginBackoff.PAIR_BURST, now);
        }
    }

    @Test
    void aNameFromOneSourceHasSomeTriesAndThenOneAMinute() {
        assertThat(wrong(ATTACKER, "alice", 1_000, 0)).isEqualTo(LoginBackoff.PAIR_BURST);
        int inADay = 0;
        for (long now = 0; now < Duration.ofDays(1).toMillis(); now += 10_000) {
            inADay += wrong(ATTACKER, "alice", 3, now);
        }
        assertThat(inADay).isBetween(1_400, 1_440);
    }

    @Test
    void whoRemembersThePasswordAtLastWaitsForAMinuteAtMost() {
        wrong(HOME, "alice", 1_000, 0);
        assertThat(backoff.mayTry(HOME, "alice", LoginBackoff.PAIR_MILLIS)).isTrue();
        backoff.proved(HOME, "alice");
        logIn(HOME, "alice", LoginBackoff.PAIR_MILLIS);
    }

    @Test
    void rightPasswordsCostNothing() {
        for (int i = 0; i < 10_000; i++) {
            logIn(HOME, i % 2 == 0 ? "alice" : "bob", 0);
        }
    }

    @Test
    void aSourceThatGuessesNamesIsSlowedDownToo() {
        int tried = 0;
        for (int i = 0; i < 1_000; i++) {
            tried += wrong(ATTACKER, "user" + i, 1, 0);
        }
        assertThat(tried).isEqualTo(LoginBackoff.SOURCE_BURST);
        assertThat(wrong(ATTACKER, "alice", 5, LoginBackoff.SOURCE_MILLIS)).isEqualTo(1);
        assertThat(backoff.mayTry(HOME, "alice", 0)).as("from elsewhere").isTrue();
    }

    @Test
    void whoHasLoggedInFromAnAddressIsNotKeptOutByAGuesserBehindTheSameOne() {
        logIn(HOME, "alice", 0);
        for (int i = 0; i < 1_000; i++) {
            wrong(HOME, "user" + i, 1, 0);
        }
        logIn(HOME, "alice", 0);
        assertThat(backoff.mayTry(HOME, "bob", 0)).isFalse();
    }

    @Test
    void aNameUnderAttackStaysOpenToItsOwnerFromKnownAndUnknownPlaces() {
        logIn(HOME, "alice", 0);
        attack("alice", 0);
        assertThat(wrong(ATTACKER.plus(1_000), "alice", 100, 0)).as("a further source").isEqualTo(1);
        assertThat(wrong(HOME, "alice", 3, 0)).as("mistyped at home").isEqualTo(3);
        logIn(HOME, "alice", 0);
        logIn(HOME.plus(1), "alice", 0);
    }

    @Test
    void whenTheAttackIsOverEverythingIsAsBefore() {
        attack("alice", 0);
        long later = LoginBackoff.NAME_BURST * LoginBackoff.NAME_MILLIS;
        assertThat(wrong(HOME, "alice", 100, later)).isEqualTo(LoginBackoff.PAIR_BURST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OFFICE\\alice", "alice@example.com", "OFFICE\\alice@example.com", "a@b\\alice"})
    void aNameIsTheSameHoweverItIsWritten(String written) {
        wrong(ATTACKER, "alice", LoginBackoff.PAIR_BURST, 0);
        assertThat(backoff.mayTry(ATTACKER, written, 0)).isFalse();
    }

    @Test
    void itsMemoryIsBounded() {
        for (int i = 0; i < 3 * LoginBackoff.MOST_REMEMBERED; i++) {
            logIn(new Ipv4Address(i), "user" + i, 0);
            wrong(new Ipv4Address(i), "x".repeat(10_000) + i, 1, 0);
        }
        assertThat(backoff.remembered()).isLessThanOrEqualTo(4 * LoginBackoff.MOST_REMEMBERED);
    }

    @Test
    void aSuccessorGoesOnCountingWhereItsPredecessorStood() {
        wrong(ATTACKER, "alice", LoginBackoff.PAIR_BURST - 1, 0);
        logIn(HOME, "bob", 0);
        attack("bob", 0);
        wrong(ATTACKER.plus(1_000), "x", LoginBackoff.PAIR_BURST, 0);
        LoginMemory told = new LoginMemory(backoff.left(), backoff.known(), List.of());
        LoginBackoff successor = new LoginBackoff();

        told.parts().forEach(part -> successor.goOn(part, 0));

        assertThat(successor.remembered()).isEqualTo(backoff.remembered());
        assertThat(successor.mayTry(ATTACKER, "alice", 0)).as("the last try").isTrue();
        assertThat(successor.mayTry(ATTACKER, "alice", 0)).isFalse();
        assertThat(successor.mayTry(ATTACKER, "alice", LoginBackoff.PAIR_MILLIS)).isTrue();
        assertThat(successor.mayTry(ATTACKER.plus(2_000), "bob", 0)).isTrue();
        assertThat(successor.mayTry(ATTACKER.plus(2_000), "bob", 0)).as("bob is attacked").isFalse();
        assertThat(successor.mayTry(HOME, "bob", 0)).as("who logged in from there lately is exempt").isTrue();
    }

    @Test
    void aMemoryComesInPartsThatHaveAllOfIt() {
        for (int i = 0; i < 250; i++) {
            wrong(ATTACKER.plus(i), "user" + i, 1, i);
        }
        LoginMemory told = new LoginMemory(backoff.left(), backoff.known(), List.of());

        assertThat(told.parts()).hasSize(8);
        assertThat(told.parts().stream().flatMap(it -> it.left().stream())).containsExactlyElementsOf(told.left());
        assertThat(new LoginMemory(List.of(), List.of(), List.of()).parts()).isEmpty();
    }
}
