package io.pptpoperator.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({"PT-5S,0s", "PT0S,0s", "PT119S,119s", "PT120S,2m", "PT5M3S,5m3s", "PT10M30S,10m", "PT179M,179m",
            "PT3H,3h", "PT3H12M,3h12m", "PT8H30M,8h", "PT47H,47h", "P2D,2d", "P2DT4H,2d4h", "P40D,40d"})
    void ages(Duration age, String text) {
        assertThat(Quantities.age(age)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "999,999 B", "1000,1.0 kB", "1536,1.5 kB", "999949,999.9 kB", "999950,1.0 MB",
            "1500000,1.5 MB", "7000000000,7.0 GB", "9000000000000000000,9000.0 PB"})
    void bytes(long bytes, String text) {
        assertThat(Quantities.bytes(bytes)).isEqualTo(text);
    }
}
