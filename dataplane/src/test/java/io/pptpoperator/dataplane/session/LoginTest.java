package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.address.Ipv4Address;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Logins from the first byte to the first ping, and all the ways in which they fail. */
class LoginTest {
    static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");

    @Test
    void aliceLogsInAndHerPingsGoBothWaysEncrypted() {
        World world = new World();
        Dialer alice = Dialer.alice();
        Line line = world.connect(HOME, alice);
        world.runUntil("Alice is connected", () -> alice.isUp() && !world.record.connected.isEmpty());
        byte[] request = alice.ping(World.GATEWAY, 56);
        world.run(Duration.ofSeconds(1));
        assertThat(alice.heardReplyTo(request)).isTrue();
        assertThat(alice.tunnel().clear).isZero();
        assertThat(line.session().isConnected()).isTrue();
        System.out.println(world.record.steps + " " + world.record.connected + alice.network);
    }
}
