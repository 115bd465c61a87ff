package io.pptpoperator.kubectl.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.client.probe.WindowsError;
import io.pptpoperator.operator.cluster.Repository;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/troubleshooting.md explains whatever the code can say. */
class TroubleshootingTest {

    private static String page() throws IOException {
        return Files.readString(Repository.root().resolve("docs/troubleshooting.md"));
    }

    static Stream<String> reasons() throws IOException {
        return Stream.concat(Reasons.all().stream(), Arrays.stream(EventReason.values()).map(Enum::name)).distinct();
    }

    @Test
    void theSourcesSpellReasonsOut() throws IOException {
        assertThat(Reasons.all()).contains("NoPods", "Expired", "SecretNotFound", "NameTaken", "ServerNotFound")
                .containsAll(Reasons.GOOD);
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void everyReasonIsExplained(String reason) throws IOException {
        assertThat(page()).contains("`" + reason + "`");
    }

    static Stream<String> logReasons() {
        return Stream
                .concat(Arrays.stream(LoginFailure.values()).map(LoginFailure::label),
                        Arrays.stream(TerminationReason.values()).map(TerminationReason::label))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("logReasons")
    void everyReasonInTheLogIsExplained(String label) throws IOException {
        assertThat(page()).contains("`" + label + "`");
    }

    static Stream<Integer> probedErrors() {
        return Arrays.stream(WindowsError.values()).map(WindowsError::code);
    }

    @ParameterizedTest
    @MethodSource("probedErrors")
    void everyErrorThatProbeNamesIsExplained(int code) throws IOException {
        assertThat(page()).contains("**" + code + "**");
    }

    @ParameterizedTest
    @ValueSource(ints = {619, 628, 629, 633, 691, 718, 720, 721, 734, 741, 742, 778, 789, 800, 806, 809, 812})
    void theErrorsThatPeopleSearchForAreExplained(int code) throws IOException {
        assertThat(page()).contains("**" + code + "**");
    }
}
