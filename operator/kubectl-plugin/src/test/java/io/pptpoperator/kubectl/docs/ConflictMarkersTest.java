package io.pptpoperator.kubectl.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.cluster.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No file of the project, page or program, was committed in the middle of a merge. */
class ConflictMarkersTest {

    /** What git writes around the two sides; the line between them alone is also a headline's underline. */
    private static final Pattern MARKER = Pattern.compile("^(<{7}|>{7}|\\|{7})( .*)?$", Pattern.MULTILINE);

    private static final Set<String> NOT_OURS = Set.of(".git", "target");

    private static List<String> markers(Path file) throws IOException {
        // Every byte is a character of this charset, so that no file has to be text.
        return MARKER.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                .results()
                .map(found -> Repository.root().relativize(file) + ": " + found.group())
                .toList();
    }

    @Test
    void noFileHasConflictMarkers() throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> seen = new ArrayList<>();
        Files.walkFileTree(Repository.root(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    seen.add(Repository.root().relativize(file));
                    found.addAll(markers(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });

        assertThat(seen).contains(Path.of("README.md"), Path.of("docs", "security.md"), Path.of("deploy", "generate"));
        assertThat(found).isEmpty();
    }
}
