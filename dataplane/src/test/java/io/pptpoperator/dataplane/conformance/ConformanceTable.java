package io.pptpoperator.dataplane.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page docs/conformance.md. */
final class ConformanceTable {

    private static final String HEAD = """
            # Conformance

            What this server has been tried with, by tests that run in every build: real programs, and the recorded bytes \
            of those that cannot be had. A row stands here because its test passed; where one fails, the build does. \
            Versions are those of the run that wrote this page (`dataplane/target/conformance.md`, by \
            `sudo deploy/local/test -pl dataplane`); a build on another system tries the versions which that system has.

            | with | version | method | encryption | what was tried | result |
            |---|---|---|---|---|---|
            """;
    private static final Comparator<Tried> ORDER = Comparator.comparing(Tried::with)
            .thenComparingInt(row -> List.of("MS-CHAPv2", "MS-CHAPv1", "CHAP-MD5", "PAP").indexOf(row.method()))
            .thenComparing(Tried::encryption)
            .thenComparing(Tried::what);

    private ConformanceTable() {}

    /** Every row that the tests of this module fill in. */
    static List<Tried> rows() {
        try {
            Path classes = Path.of(Tried.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.filter(file -> file.getFileName().toString().endsWith("IT.class"))
                        .map(file -> classes.relativize(file).toString().replace(".class", "").replace('/', '.'))
                        .flatMap(ConformanceTable::rowsOf)
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not look through the tests", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Tried> rowsOf(String test) {
        try {
            return Arrays.stream(Class.forName(test, false, Tried.class.getClassLoader()).getDeclaredMethods())
                    .flatMap(method -> Stream.of(method.getAnnotationsByType(Tried.class)));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The page.
     *
     * @param rows     in any order
     * @param passed   whether the test of a row has passed
     * @param versions of those whom the rows are about
     */
    static String page(List<Tried> rows, Function<Tried, Boolean> passed, Map<Foreign, String> versions) {
        return HEAD + rows.stream()
                .sorted(ORDER)
                .map(row -> "| " + String.join(" | ", row.with().title(), versions.get(row.with()), row.method(),
                        row.encryption(), row.what(), passed.apply(row) ? row.result() : "FAILED") + " |\n")
                .collect(Collectors.joining());
    }

    /** A page without what differs from system to system. */
    static String withoutVersions(String page) {
        return page.lines()
                .map(line -> line.startsWith("| ") ? line.replaceFirst("\\| ([^|]+) \\| [^|]+ \\|", "| $1 | |") : line)
                .collect(Collectors.joining("\n"));
    }

    /** The versions that a page has for those of whom it has a row. */
    static Optional<String> versionIn(String page, Foreign foreign) {
        return page.lines()
                .filter(line -> line.startsWith("| " + foreign.title() + " | "))
                .findFirst()
                .map(line -> line.split(" \\| ", -1)[1]);
    }
}
