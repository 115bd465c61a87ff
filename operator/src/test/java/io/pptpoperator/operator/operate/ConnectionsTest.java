package io.pptpoperator.operator.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final Connections<Integer> connections = new Connections<>(4, 3);

    private static InetAddress from(int number) {
        try {
            return InetAddress.getByAddress(new byte[]{10, 0, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneAddressHasAFewAtMost() {
        for (int i = 1; i <= 3; i++) {
            assertThat(connections.admit(i, from(1))).isEmpty();
        }
        assertThat(connections.admit(4, from(1))).contains(4);
        assertThat(connections.all()).containsExactly(1, 2, 3);

        connections.remove(2);
        assertThat(connections.admit(5, from(1))).isEmpty();
    }

    @Test
    void whoeverHoldsMostMakesRoom() {
        connections.admit(1, from(1));
        connections.admit(2, from(2));
        connections.admit(3, from(2));
        connections.admit(4, from(2));

        assertThat(connections.admit(5, from(3))).contains(2);
        assertThat(connections.all()).containsExactly(1, 3, 4, 5);
    }

    @Test
    void whatIsForgottenTwiceCountsOnce() {
        connections.admit(1, from(1));
        connections.remove(1);
        connections.remove(1);
        for (int i = 2; i <= 4; i++) {
            assertThat(connections.admit(i, from(1))).isEmpty();
        }
        assertThat(connections.admit(5, from(1))).contains(5);
    }
}
