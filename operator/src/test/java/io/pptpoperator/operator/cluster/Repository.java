package io.pptpoperator.operator.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree that tests run in, whichever module they belong to. */
public final class Repository {

    private Repository() {}

    /** Its uppermost folder. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".mvn"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " has a .mvn in it");
    }
}
