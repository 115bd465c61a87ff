package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.address.Ipv4Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatapathPolicyTest {
    private static final Ipv4Address SERVER = Ipv4Address.parse("192.168.10.1");
    private static final Ipv4Address NAME_SERVER = Ipv4Address.parse("169.254.20.10");

    private static DatapathPolicy allowing(String... prefixes) {
        List<Ipv4Prefix> networks = List.of(prefixes).stream().map(Ipv4Prefix::parse).toList();
        return new DatapathPolicy(SERVER, false, networks, List.of(NAME_SERVER), true);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, true", "10.255.255.255, true", "11.0.0.0, false", "9.255.255.255, false",
            "172.16.0.5, true", "172.16.0.6, false", "192.168.10.1, true", "192.168.10.2, false",
            "0.0.0.0, false",
            "255.255.255.255, false"})
    void onlyWhatIsListedAndTheServerItselfMayBeReached(String address, boolean allowed) {
        DatapathPolicy policy = allowing("10.0.0.0/8", "172.16.0.5/32");
        assertThat(policy.allows(Ipv4Address.parse(address).bits())).isEqualTo(allowed);
    }

    @Test
    void anEmptyListAllowsEverything() {
        assertThat(allowing().allows(Ipv4Address.parse("8.8.8.8").bits())).isTrue();
        assertThat(allowing("0.0.0.0/0").allows(Ipv4Address.parse("255.255.255.255").bits())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, false", "127.255.255.255, false", "0.0.0.0, false", "0.1.2.3, false",
            "1.0.0.0, true",
            "169.254.169.254, false", "169.254.20.10, true", "169.254.20.11, false", "169.255.0.0, true"})
    void whatNeverLeavesAHostOrLinkIsClosed(String address, boolean allowed) {
        int bits = Ipv4Address.parse(address).bits();
        assertThat(allowing().allows(bits)).isEqualTo(allowed);
        assertThat(allowing("0.0.0.0/0").allows(bits)).isEqualTo(allowed);
    }

    @Test
    void aLinkLocalAddressIsOpenedByListingIt() {
        DatapathPolicy policy = allowing("169.254.7.0/24", "10.0.0.0/8");
        assertThat(policy.allows(Ipv4Address.parse("169.254.7.9").bits())).isTrue();
        assertThat(policy.allows(Ipv4Address.parse("169.254.8.9").bits())).isFalse();
    }
}
