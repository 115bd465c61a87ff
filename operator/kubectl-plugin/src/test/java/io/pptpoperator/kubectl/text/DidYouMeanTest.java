package io.pptpoperator.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DidYouMeanTest {

    private static final List<String> NAMES = List.of("branch", "office", "warehouse");

    @ParameterizedTest
    @CsvSource({"ofice,office", "offfice,office", "offcie,office", "Office,office", "brnch,branch",
            "warehosue,warehouse"})
    void slipsOfTheFingersAreRecognized(String typed, String meant) {
        assertThat(DidYouMean.of(typed, NAMES)).isEqualTo("; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"headquarters", "x", "off"})
    void whatIsLikeNoNameGetsNoAdvice(String typed) {
        assertThat(DidYouMean.of(typed, NAMES)).isEmpty();
    }
}
