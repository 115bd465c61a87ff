package io.pptpoperator.operator.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that nobody but their owner can read, from their first byte on. */
public final class PrivateFiles {

    private static final FileAttribute<Set<PosixFilePermission>> FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFiles() {}

    /** Writes a file with mode 0600 in one step: readers see the old text or the new one, never a part. */
    public static void replace(Path file, String text) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(parent, ".", ".new", FILE);
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Makes a directory with mode 0700: in memory where the system has a place for that, else with temporary files. */
    static Path newDirectory(String prefix) throws IOException {
        Path inMemory = Path.of("/run");
        return Files.isWritable(inMemory)
                ? Files.createTempDirectory(inMemory, prefix, DIRECTORY)
                : Files.createTempDirectory(prefix, DIRECTORY);
    }
}
