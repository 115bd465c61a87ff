package io.pptpoperator.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** A stranger gets few handshakes, and takes none from those who have a certificate. */
class HandshakeLimitsTest {

    private static final InetAddress STRANGER = InetAddress.ofLiteral("203.0.113.7");
    private static final InetAddress OPERATOR = InetAddress.ofLiteral("10.0.0.5");

    private final HandshakeLimits limits = new HandshakeLimits(0);

    /** How many of so many connections that end at once are admitted. */
    private int admitted(InetAddress source, int count, long now) {
        int admitted = 0;
        for (int i = 0; i < count; i++) {
            if (limits.admit(source, false, now)) {
                limits.gone(source);
                admitted++;
            }
        }
        return admitted;
    }

    private static InetAddress stranger(int number) {
        return InetAddress.ofLiteral("198.18." + number / 256 + "." + number % 256);
    }

    @Test
    void oneSourceGetsSoManyAtOnceAndSoManyASecond() {
        assertThat(admitted(STRANGER, 550, 0)).isEqualTo(HandshakeLimits.STRANGER_AT_ONCE);
        assertThat(admitted(STRANGER, 550, 1_000)).isEqualTo(HandshakeLimits.STRANGER_PER_SECOND);
        assertThat(admitted(OPERATOR, 1, 1_000)).isOne();
    }

    @Test
    void manySourcesTogetherGetNoMoreThanAllMay() {
        int admitted = 0;
        for (int i = 0; i < 5_000; i++) {
            admitted += admitted(stranger(i), 3, 0);
        }
        assertThat(admitted).isEqualTo(HandshakeLimits.STRANGERS_AT_ONCE);
        assertThat(admitted(OPERATOR, 1, 0)).as("one that was never seen").isZero();
    }

    @Test
    void whoHasShownACertificateIsNotKeptOutByAnyNumberOfStrangers() {
        assertThat(limits.admit(OPERATOR, false, 0)).isTrue();
        limits.known(OPERATOR, 0);
        for (int i = 0; i < 5_000; i++) {
            admitted(stranger(i), 3, 0);
        }
        assertThat(admitted(OPERATOR, 10, 0)).isEqualTo(10);
        assertThat(limits.admit(STRANGER, false, 0)).isFalse();
        assertThat(limits.admit(STRANGER, true, 0)).as("from this machine itself").isTrue();
        assertThat(admitted(OPERATOR, 1_000, HandshakeLimits.KNOWN_MILLIS)).as("it is a stranger again")
                .isLessThanOrEqualTo(HandshakeLimits.STRANGER_AT_ONCE);
    }

    @Test
    void oneSourceHoldsFewConnections() {
        int held = 0;
        for (int i = 0; i < 100; i++) {
            held += limits.admit(STRANGER, false, i * 1_000L) ? 1 : 0;
        }
        assertThat(held).isEqualTo(HandshakeLimits.STRANGER_CONNECTIONS);
        limits.gone(STRANGER);
        assertThat(limits.admit(STRANGER, false, 200_000)).isTrue();
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 60_000; i++) {
            limits.admit(stranger(i), true, i);
            limits.known(stranger(i), i);
        }
        assertThat(limits.remembered()).isLessThanOrEqualTo(3 * HandshakeLimits.MOST_SOURCES);
    }
}
