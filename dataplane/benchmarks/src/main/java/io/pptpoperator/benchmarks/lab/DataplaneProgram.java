package io.pptpoperator.benchmarks.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program under test.
 *
 * @param java the Java that runs it
 * @param jar its file
 * @param options for every JVM
 */
public record DataplaneProgram(Path java, Path jar, List<String> options) {

    /** Copies the list. */
    public DataplaneProgram {
        options = List.copyOf(options);
    }

    /** The same program with further options for its JVM. */
    public DataplaneProgram with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(Arrays.asList(more));
        return new DataplaneProgram(java, jar, all);
    }

    /** The command line that runs it with these arguments. */
    public String[] command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(options);
        command.add("-jar");
        command.add(jar.toAbsolutePath().toString());
        command.addAll(Arrays.asList(arguments));
        return command.toArray(String[]::new);
    }

    /** Writes a file that only its owner reads, with the folders it needs. */
    public static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
