package io.pptpoperator.protocol.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitRateTest {

    @ParameterizedTest
    @CsvSource({"8k, 8000, 8k", "10M, 10000000, 10M", "2.5M, 2500000, 2.5M", "2500k, 2500000, 2.5M",
            "1G, 1000000000, 1G", "64000, 64000, 64k", "64001, 64001, 64.001k", "0.512M, 512000, 512k",
            "100G, 100000000000, 100G"})
    void readsAndWrites(String text, long bits, String shortest) {
        assertThat(BitRate.parse(text)).isEqualTo(new BitRate(bits)).hasToString(shortest);
        assertThat(BitRate.parse(shortest)).isEqualTo(new BitRate(bits));
        assertThat(text).matches(BitRate.PATTERN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "10 M", "10Mi", "10MB", "-1M", "10m", "1.2345M", ".5M", "1e6"})
    void anythingElseIsNoRate(String text) {
        assertThatThrownBy(() -> BitRate.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a rate in bits per second; one such as 512k");
    }

    @Test
    void boundsAreKept() {
        assertThatThrownBy(() -> BitRate.parse("7999")).hasMessageContaining("7999 bits per second are out of bounds");
        assertThatThrownBy(() -> BitRate.parse("101G")).hasMessageContaining("8k to 100G");
        assertThatThrownBy(() -> BitRate.parse("999999999999G")).hasMessageContaining("out of bounds");
    }
}
