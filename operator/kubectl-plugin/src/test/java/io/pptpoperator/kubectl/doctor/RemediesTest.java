package io.pptpoperator.kubectl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.kubectl.docs.Reasons;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RemediesTest {

    static Stream<String> troubles() throws IOException {
        return Reasons.all().stream().filter(reason -> !Reasons.GOOD.contains(reason));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void thereIsSomethingToDoAboutEveryTrouble(String reason) {
        assertThat(Remedies.of(reason)).isNotEmpty();
    }
}
