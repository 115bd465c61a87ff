package io.pptpoperator.dataplane.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.address.Ipv4Prefix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RangePrefixesTest {

    @Test
    void aRangeIsTheFewestPrefixes() {
        assertThat(of("192.168.10.100", "192.168.10.200")).extracting(Ipv4Prefix::toString).containsExactly(
                "192.168.10.100/30", "192.168.10.104/29", "192.168.10.112/28", "192.168.10.128/26",
                "192.168.10.192/29", "192.168.10.200/32");
        assertThat(of("10.0.0.0", "10.0.0.255")).containsExactly(Ipv4Prefix.parse("10.0.0.0/24"));
        assertThat(of("0.0.0.0", "255.255.255.255")).containsExactly(Ipv4Prefix.parse("0.0.0.0/0"));
        assertThat(of("255.255.255.255", "255.255.255.255")).hasSize(1);
        assertThatThrownBy(() -> of("10.0.0.2", "10.0.0.1"))
                .hasMessage("the range 10.0.0.2-10.0.0.1 ends before it begins");
    }

    @Property
    void thePrefixesFollowEachOtherFromFirstToLast(@ForAll int one, @ForAll int other) {
        Ipv4Address first = new Ipv4Address(Integer.compareUnsigned(one, other) < 0 ? one : other);
        Ipv4Address last = new Ipv4Address(Integer.compareUnsigned(one, other) < 0 ? other : one);
        List<Ipv4Prefix> prefixes = RangePrefixes.of(first, last);
        assertThat(prefixes.get(0).network()).isEqualTo(first);
        assertThat(prefixes.get(prefixes.size() - 1).last()).isEqualTo(last);
        for (int i = 1; i < prefixes.size(); i++) {
            assertThat(prefixes.get(i).network()).isEqualTo(prefixes.get(i - 1).last().plus(1));
        }
        assertThat(prefixes).hasSizeLessThanOrEqualTo(62);
    }

    private static List<Ipv4Prefix> of(String first, String last) {
        return RangePrefixes.of(Ipv4Address.parse(first), Ipv4Address.parse(last));
    }
}
