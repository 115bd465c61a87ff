package io.pptpoperator.protocol.rate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OctetLimitTest {

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0, 9, 9, false", "10, 0, 0, 0, 9, 99, false", "10, 0, 0, 0, 10, 0, true",
            "0, 10, 0, 0, 99, 9, false", "0, 10, 0, 0, 0, 11, true", "0, 0, 10, 0, 5, 4, false",
            "0, 0, 10, 0, 5, 5, true", "0, 0, 0, 10, 9, 9, false", "0, 0, 0, 10, 1, 10, true"})
    void isReachedByTheBytesThatItIsAbout(long upload, long download, long total, long greater, long up, long down,
            boolean reached) {
        assertThat(new OctetLimit(upload, download, total, greater).isReached(up, down)).isEqualTo(reached);
    }
}
