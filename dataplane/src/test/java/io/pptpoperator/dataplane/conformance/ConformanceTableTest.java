package io.pptpoperator.dataplane.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConformanceTableTest {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "")).resolve("../docs/conformance.md");

    private static Map<Foreign, String> versions(String text) {
        var versions = new EnumMap<Foreign, String>(Foreign.class);
        Arrays.stream(Foreign.values()).forEach(foreign -> versions.put(foreign, text));
        return versions;
    }

    /** Versions are left out: a build on another system passes as well. */
    @Test
    void thePageHasARowForEverythingThatTestsTryAndNoOther() throws IOException {
        String shown = ConformanceTable.page(ConformanceTable.rows(), row -> true, versions("1"));

        assertThat(ConformanceTable.withoutVersions(Files.readString(PAGE)))
                .as("run all tests of the data plane, then: cp dataplane/target/conformance.md docs/")
                .isEqualTo(ConformanceTable.withoutVersions(shown));
    }

    @Test
    void everyRowOfThePageSaysWhichVersionWasTried() throws IOException {
        String page = Files.readString(PAGE);
        for (Foreign foreign : Foreign.values()) {
            assertThat(ConformanceTable.versionIn(page, foreign)).as(foreign.title())
                    .hasValueSatisfying(version -> assertThat(version).containsPattern("\\d"));
        }
    }

    @Test
    void noTwoTestsFillInTheSameRow() {
        assertThat(ConformanceTable.rows()).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void aTestThatFailsShows() {
        List<Tried> rows = ConformanceTable.rows();
        Tried bad = rows.getFirst();

        String page = ConformanceTable.page(rows, row -> !row.equals(bad), versions("7.1"));

        assertThat(page.lines().filter(line -> line.endsWith("| FAILED |"))).singleElement()
                .asString()
                .contains("| 7.1 | " + bad.method() + " | ")
                .contains(bad.what());
    }
}
