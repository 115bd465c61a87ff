package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Setting the version, and what keeps {@code deploy/release} from building one: on a small tree of its own. */
final class ReleaseRefusalTest {

    @TempDir
    private Path tree;

    @BeforeEach
    void copyWhatHasAVersion() throws IOException {
        Path original = Repository.path("").toAbsolutePath().normalize();
        try (Stream<Path> all = Files.walk(original)) {
            for (Path file : all.filter(path -> path.endsWith("pom.xml") || path.endsWith("Dockerfile"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList()) {
                copy(original, file);
            }
        }
        copy(original, original.resolve("deploy/version"));
        copy(original, original.resolve("deploy/release"));
        copy(original, original.resolve(".ci/images/pin"));
        write("deploy/generate", "#!/bin/sh\ntouch \"$(dirname \"$0\")/generated\"\n");
        write("docs/CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 1.2.3 (2026-12-01)\n\n- Faster.\n");
        tree.resolve("deploy/generate").toFile().setExecutable(true);
        commit("begin");
    }

    private void copy(Path original, Path file) throws IOException {
        Path copy = tree.resolve(original.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }

    private void write(String file, String text) throws IOException {
        Path path = tree.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void commit(String subject) {
        Command.must("sh", "-c", "cd " + tree + " && git init -q 2>/dev/null; git add -A && git -c user.name=x"
                + " -c user.email=x@example.com commit -q -m " + subject);
    }

    private Outcome run(String script, String... arguments) {
        return Command.run(Stream.concat(Stream.of(tree.resolve(script).toString()), Stream.of(arguments)).toList());
    }

    private String refusal(String version) {
        Outcome outcome = run("deploy/release", version, tree.resolve("out").toString());
        assertThat(outcome.status()).as(outcome.output()).isEqualTo(1);
        assertThat(tree.resolve("out")).doesNotExist();
        return outcome.output();
    }

    @Test
    void oneCommandSetsTheVersionOfEveryPomAndOfTheChart() throws IOException {
        assertThat(run("deploy/version", "1.2.3").succeeded()).isTrue();

        assertThat(run("deploy/version").output()).isEqualTo("1.2.3");
        assertThat(tree.resolve("deploy/generated")).as("the chart and install.yaml were made anew").exists();
        List<Path> files;
        try (Stream<Path> all = Files.walk(tree)) {
            files = all.filter(path -> path.endsWith("pom.xml") || path.endsWith("Dockerfile")).toList();
        }
        assertThat(files).hasSizeGreaterThan(7)
                .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("SNAPSHOT").contains("1.2.3"));
    }

    @Test
    void aVersionThatHelmWouldNotTakeIsRefused() {
        for (String version : List.of("1.2", "v1.2.3", "01.2.3", "next")) {
            Outcome outcome = run("deploy/version", version);
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.output()).contains("'" + version + "' is not a semantic version");
        }
    }

    @Test
    void aSnapshotIsNoRelease() {
        assertThat(refusal("1.2.3-SNAPSHOT")).contains("1.2.3-SNAPSHOT is not a version to release");
    }

    @Test
    void theCheckoutMustBeOfThatVersion() {
        assertThat(refusal("1.2.3")).contains("run 'deploy/version 1.2.3' and commit");
    }

    @Test
    void uncommittedChangesAreNoRelease() throws IOException {
        write("docs/CHANGELOG.md", "## 1.2.3\n\nOtherwise.\n");
        assertThat(refusal("1.2.3")).contains("uncommitted changes");
    }

    @Test
    void aReleaseWithoutASectionInTheChangelogIsRefused() {
        assertThat(run("deploy/version", "1.3.0").succeeded()).isTrue();
        commit("version");
        assertThat(refusal("1.3.0")).contains("docs/CHANGELOG.md has nothing under '## 1.3.0'");
    }

    @Test
    void baseImagesWithoutDigestsAreRefusedUntilTheyHaveThem() throws IOException {
        assertThat(run("deploy/version", "1.2.3").succeeded()).isTrue();
        commit("version");
        assertThat(refusal("1.2.3")).contains("without a digest:").contains("run '.ci/images/pin'");

        // A registry that has one index, whatever it is asked for.
        write("bin/skopeo", """
                #!/bin/sh
                echo '{"manifests": [{"platform": {"architecture": "amd64"}}, {"platform": {"architecture": "arm64"}}]}'
                """);
        tree.resolve("bin/skopeo").toFile().setExecutable(true);
        String pin = tree.resolve(".ci/images/pin").toString();
        Outcome pinned = Command.run(List.of("env", "PATH=" + tree.resolve("bin") + ":" + System.getenv("PATH"), pin));

        assertThat(pinned.succeeded()).as(pinned.output()).isTrue();
        String digest = "@sha256:" + Command.must("sh", "-c", tree.resolve("bin/skopeo") + " | sha256sum | cut -c1-64");
        assertThat(pinned.output().lines()).hasSize(2).allSatisfy(line -> assertThat(line).endsWith(digest));
        for (String image : List.of("dataplane", "operator")) {
            assertThat(Files.readAllLines(tree.resolve(image + "/Dockerfile")))
                    .filteredOn(line -> line.matches("ARG (JDK|BASE)_IMAGE=.*"))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).endsWith(digest));
        }
        assertThat(run(".ci/images/pin", "--check").succeeded()).isTrue();
    }
}
