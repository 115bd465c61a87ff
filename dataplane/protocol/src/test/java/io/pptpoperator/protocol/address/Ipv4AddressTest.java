package io.pptpoperator.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4AddressTest {

    @Property
    void textAndBytesRoundTrip(@ForAll int bits) {
        var address = new Ipv4Address(bits);
        assertThat(Ipv4Address.parse(address.toString())).isEqualTo(address);
        assertThat(Ipv4Address.read(address.toBytes(), 0)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1..2.3", "1.2.3.", ".1.2.3", "01.2.3.4", "a.b.c.d",
            "1.2.3.4 ", "99999999999.1.1.1", "localhost"})
    void whatIsNotAnAddressIsNamed(String text) {
        assertThatThrownBy(() -> Ipv4Address.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void ordersUnsigned() {
        assertThat(Ipv4Address.parse("10.0.0.1")).isLessThan(Ipv4Address.parse("192.168.0.1"));
    }

    @Test
    void prefixKnowsItsAddresses() {
        var prefix = Ipv4Prefix.parse("10.1.0.0/16");
        assertThat(prefix.contains(Ipv4Address.parse("10.1.255.255"))).isTrue();
        assertThat(prefix.contains(Ipv4Address.parse("10.2.0.0"))).isFalse();
        assertThat(prefix.last()).isEqualTo(Ipv4Address.parse("10.1.255.255"));
        assertThat(prefix.overlaps(Ipv4Prefix.parse("10.1.2.3"))).isTrue();
        assertThat(Ipv4Prefix.parse("0.0.0.0/0").overlaps(prefix)).isTrue();
    }

    @Test
    void prefixWithHostBitsSaysWhatWouldBeRight() {
        assertThatThrownBy(() -> Ipv4Prefix.parse("10.1.2.3/16")).hasMessageContaining("10.1.0.0/16 would be right");
    }
}
