package io.pptpoperator.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.address.Ipv4Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceCheckTest {
    private final SourceCheck check = new SourceCheck(Ipv4Address.parse("192.168.10.100"),
            List.of(Ipv4Prefix.parse("10.1.0.0/16"), Ipv4Prefix.parse("172.16.5.0/30")));

    private boolean allows(String address) {
        return check.allows(Ipv4Address.parse(address).bits());
    }

    @Test
    void allowsItsOwnAddressAndTheNetworksBehindIt() {
        assertThat(allows("192.168.10.100")).isTrue();
        assertThat(allows("10.1.255.255")).isTrue();
        assertThat(allows("172.16.5.3")).isTrue();
    }

    @Test
    void refusesEveryOther() {
        assertThat(allows("192.168.10.101")).isFalse();
        assertThat(allows("10.2.0.0")).isFalse();
        assertThat(allows("172.16.5.4")).isFalse();
        assertThat(allows("0.0.0.0")).isFalse();
    }

    @Test
    void aDefaultRouteBehindAClientAllowsAll() {
        var all = new SourceCheck(Ipv4Address.ANY, List.of(Ipv4Prefix.parse("0.0.0.0/0")));
        assertThat(all.allows(0xDEAD_BEEF)).isTrue();
    }
}
