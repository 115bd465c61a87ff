package io.pptpoperator.dataplane.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is routed into a tunnel. */
class RoutesTest {

    @Test
    void everythingIsRoutedByItsHalves() {
        assertThat(ClientNetwork.halves(List.of(Ipv4Prefix.parse("0.0.0.0/0"), Ipv4Prefix.parse("10.0.0.0/8"))))
                .containsExactly(Ipv4Prefix.parse("0.0.0.0/1"), Ipv4Prefix.parse("128.0.0.0/1"),
                        Ipv4Prefix.parse("10.0.0.0/8"));
    }
}
