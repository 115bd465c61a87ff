package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatapathPolicyTest {
    private static final Ipv4Address SERVER = Ipv4Address.parse("192.168.10.1");
    private static final Ipv4Address NAME_SERVER = Ipv4Address.parse("169.254.20.10");

    private static DatapathPolicy allowing(String... prefixes) {
        List<Ipv4Prefix> networks = List.of(prefixes).stream().map(Ipv4Prefix::parse).toList();
        return new DatapathPolicy(SERVER, false, networks, List.of(NAME_SERVER), HostAccess.NONE, true);
    }

    private static int bits(String address) {
        return Ipv4Address.parse(address).bits();
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, true", "10.255.255.255, true", "11.0.0.0, false", "9.255.255.255, false", "172.16.0.5, true",
            "172.16.0.6, false", "192.168.10.2, false"})
    void onlyWhatIsListedMayBeReached(String address, boolean allowed) {
        DatapathPolicy policy = allowing("10.0.0.0/8", "172.16.0.5/32");
        assertThat(policy.allows(bits(address))).isEqualTo(allowed);
    }

    @Test
    void anEmptyListAllowsEverything() {
        assertThat(allowing().allows(bits("8.8.8.8"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.255.255.255, true", "0.0.0.0, true", "0.1.2.3, true", "1.0.0.0, false",
            "169.254.169.254, true", "169.254.0.0, true", "169.254.20.10, true", "169.253.255.255, false",
            "169.255.0.0, false", "168.63.129.16, true", "168.63.129.15, false", "168.63.129.17, false",
            "100.100.100.200, true", "100.100.100.201, false", "192.0.0.192, true", "192.0.0.191, false",
            "223.255.255.255, false", "224.0.0.1, true", "239.255.255.250, true", "240.0.0.1, true",
            "255.255.255.255, true"})
    void whatNeverLeavesALinkAndGoesToManyAndMetadataIsClosedByNature(String address, boolean closed) {
        assertThat(allowing().isClosedByNature(bits(address))).isEqualTo(closed);
        assertThat(allowing("0.0.0.0/0", "168.63.129.0/24", "100.100.0.0/16").isClosedByNature(bits(address)))
                .as("wide networks name nothing")
                .isEqualTo(closed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192"})
    void metadataIsOpenedByNamingIt(String address) {
        assertThat(allowing(address + "/32", "10.0.0.0/8").isClosedByNature(bits(address))).isFalse();
        assertThat(allowing(address + "/32").allows(bits(address))).isTrue();
    }

    @Test
    void aLinkLocalNetworkIsOpenedByListingIt() {
        DatapathPolicy policy = allowing("169.254.7.0/24", "10.0.0.0/8");
        assertThat(policy.isClosedByNature(bits("169.254.7.9"))).isFalse();
        assertThat(policy.isClosedByNature(bits("169.254.8.9"))).isTrue();
    }

    @Test
    void addressesWithoutAHostAreOpenedByNoList() {
        for (String address : List.of("127.0.0.1", "0.0.0.1", "224.0.0.1", "255.255.255.255")) {
            assertThat(allowing(address + "/32").isClosedByNature(bits(address))).as(address).isTrue();
        }
    }
}
