package io.pptpoperator.benchmarks.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;

/**
 * A folder and network namespaces for one part of the benchmark, removed in every outcome; the folder not after a
 * failure.
 */
public final class Workspace {

    private Workspace() {}

    /** Runs a measurement in a folder of its own and returns its result. */
    public static Section measure(Function<Path, Section> measurement) {
        Thread removal = Thread.ofPlatform().unstarted(Wire::removeAll);
        Wire.removeAll();
        Runtime.getRuntime().addShutdownHook(removal);
        try {
            Path directory = Files.createTempDirectory("pptp-bench-");
            Section section = measurement.apply(directory);
            Wire.removeAll();
            delete(directory);
            return section;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Wire.removeAll();
            Runtime.getRuntime().removeShutdownHook(removal);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
