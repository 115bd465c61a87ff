package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Outcome;
import io.pptpoperator.e2e.DocumentedCommands.Entry;
import io.pptpoperator.e2e.DocumentedCommands.Place;
import io.pptpoperator.e2e.DocumentedCommands.Run;
import io.pptpoperator.e2e.DocumentedCommands.Serve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands of README and docs/ that need no cluster do what their pages say, from a fresh clone. */
@Timeout(value = 90, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(named = "documentation", matches = "run",
        disabledReason = "it builds everything several times over; -Ddocumentation=run has it run")
@ExtendWith(ReaderRequirements.class)
final class DocumentedCommandsIT {

    /** Nearly every block needs what an earlier one built. What two pages say is run once. */
    @TestFactory
    Stream<DynamicTest> everyBlockDoesWhatItsPageSays(@TempDir Path folder) throws IOException {
        Reader reader = Reader.ofACopy(folder);
        Set<String> seen = new HashSet<>();
        return DocumentedCommands.ALL.stream()
                .filter(entry -> entry.fate() instanceof Serve
                        || entry.fate() instanceof Run run && run.where() == Place.COPY)
                .filter(entry -> seen.add(entry.block().text()))
                .map(entry -> DynamicTest.dynamicTest(entry.toString(), () -> check(entry, reader)));
    }

    private static void check(Entry entry, Reader reader) {
        if (entry.fate() instanceof Run run) {
            Outcome outcome = reader.run(entry.block(), run, Map.of());
            assertThat(outcome.status()).as(outcome.output()).isEqualTo(run.status());
            assertThat(outcome.output()).containsPattern(run.output());
        } else if (entry.fate() instanceof Serve serve) {
            Outcome outcome = reader.serve(entry.block(), serve);
            assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
            assertThat(outcome.output()).containsPattern(serve.output()).doesNotContain("\u001b");
        }
    }
}
