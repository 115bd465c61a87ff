package io.pptpoperator.kubectl.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class AdminPortTest {

    @Test
    void aPodThatDrainsIsToldInASentence() {
        var kubelet = new IOException("error forwarding port 9723 to pod 3f2a, uid : failed to execute portforward in"
                + " network namespace \"host\": failed to connect to localhost:9723 inside namespace \"3f2a\", IPv4: dial"
                + " tcp4 127.0.0.1:9723: connect: connection refused IPv6 dial tcp6 [::1]:9723: connect: connection"
                + " refused");

        assertThat(AdminPort.why(kubelet))
                .isEqualTo("its administration port takes no connections: it has just begun, or is ending");
        assertThat(AdminPort.why(new IOException("its administration port answers 503")))
                .isEqualTo("its administration port answers 503");
        assertThat(AdminPort.why(new IOException("x".repeat(5000)))).hasSizeLessThan(700);
    }
}
