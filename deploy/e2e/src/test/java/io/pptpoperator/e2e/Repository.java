package io.pptpoperator.e2e;

import java.nio.file.Path;

/** Where things are in the source tree. */
final class Repository {

    private static final Path ROOT = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolve("../..")
            .normalize();

    private Repository() {}

    /** A file or folder of the source tree. */
    static Path path(String relative) {
        return ROOT.resolve(relative);
    }

    /** The same as text, for command lines. */
    static String text(String relative) {
        return path(relative).toString();
    }
}
