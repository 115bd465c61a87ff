package io.pptpoperator.dataplane.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/reports.md names are there. */
class ReportsTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");
    private static final Pattern NAME = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void everyTestThatTheReportsNameIsThere() throws IOException {
        List<Path> tests;
        try (Stream<Path> ours = Files.walk(ROOT.resolve("dataplane/src/test/java"));
                Stream<Path> protocols = Files.walk(ROOT.resolve("dataplane/protocol/src/test/java"))) {
            tests = Stream.concat(ours, protocols).toList();
        }
        List<MatchResult> named = NAME.matcher(Files.readString(ROOT.resolve("docs/reports.md"))).results().toList();
        assertThat(named).hasSizeGreaterThan(40);
        for (MatchResult name : named) {
            Path file = tests.stream()
                    .filter(path -> path.endsWith(name.group(1) + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(
                            "docs/reports.md names " + name.group(1) + ", which is not there"));
            assertThat(Files.readString(file)).contains("void " + name.group(2) + "(");
        }
    }
}
