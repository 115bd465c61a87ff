package io.pptpoperator.dataplane.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Notes which rows passed, and writes target/conformance.md after the last test of the run. */
final class ConformanceRun implements TestWatcher {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(ConformanceRun.class);

    /** What the tests of a run have shown. */
    private static final class Results implements AutoCloseable {

        /** A row stands for several tests when its test has parameters: one that fails decides. */
        private final Map<Tried, Boolean> passed = new ConcurrentHashMap<>();

        void note(Tried row, boolean success) {
            passed.merge(row, success, Boolean::logicalAnd);
        }

        @Override
        public void close() {
            var versions = new EnumMap<Foreign, String>(Foreign.class);
            passed.keySet().forEach(row -> versions.computeIfAbsent(row.with(), Foreign::version));
            Path page = Path.of(System.getProperty("basedir", ""), "target", "conformance.md");
            try {
                Files.createDirectories(page.toAbsolutePath().getParent());
                Files.writeString(page, ConformanceTable.page(List.copyOf(passed.keySet()), passed::get, versions));
            } catch (IOException e) {
                throw new UncheckedIOException("Could not write " + page, e);
            }
        }
    }

    private static void note(ExtensionContext context, boolean success) {
        Results results = context.getRoot()
                .getStore(OURS)
                .computeIfAbsent(Results.class, key -> new Results(), Results.class);
        for (Tried row : context.getRequiredTestMethod().getAnnotationsByType(Tried.class)) {
            results.note(row, success);
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, true);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        note(context, false);
    }
}
