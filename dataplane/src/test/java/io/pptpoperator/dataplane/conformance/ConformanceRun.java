package io.pptpoperator.dataplane.conformance;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Notes which rows passed, and writes target/conformance.md after the last test of a process. Test processes side by
 * side share the notes, so that the last one's page has everybody's rows.
 */
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
            Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
            Path page = target.resolve("conformance.md");
            try {
                Files.createDirectories(target);
                try (var notes = FileChannel.open(target.resolve("conformance.notes"), CREATE, READ, WRITE)) {
                    // Until it is closed.
                    notes.lock();
                    Files.writeString(page, pageWith(notes));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Could not write " + page, e);
            }
        }

        /** The page of these results and those noted before, which become one. */
        private String pageWith(FileChannel notes) throws IOException {
            var bytes = ByteBuffer.allocate((int) notes.size());
            notes.read(bytes, 0);
            Map<String, Tried> rows = ConformanceTable.rows()
                    .stream()
                    .collect(Collectors.toMap(Tried::toString, Function.identity()));
            var all = new HashMap<Tried, Boolean>();
            new String(bytes.array(), StandardCharsets.UTF_8).lines().forEach(line -> {
                Tried row = rows.get(line.substring(line.indexOf(' ') + 1));
                if (row != null) {
                    all.put(row, line.startsWith("true "));
                }
            });
            all.putAll(passed);
            notes.truncate(0);
            notes.write(StandardCharsets.UTF_8
                    .encode(all.keySet().stream().map(row -> all.get(row) + " " + row + "\n").collect(joining())), 0);
            var versions = new EnumMap<Foreign, String>(Foreign.class);
            all.keySet().forEach(row -> versions.computeIfAbsent(row.with(), Foreign::version));
            return ConformanceTable.page(List.copyOf(all.keySet()), all::get, versions);
        }
    }

    private static void note(ExtensionContext context, boolean success) {
        Results results = context.getStore(StoreScope.LAUNCHER_SESSION, OURS)
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
