package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * deploy/local/packages installs what is missing and nothing else. It meets a machine of ours, on which no program is
 * there but those that a test puts there, and a package manager that only writes down what it is asked.
 */
final class LocalScriptsIT {

    private static final List<String> TOOLS = List.of("bash", "sh", "sed", "cat", "dirname", "readlink", "rm", "chmod",
            "head", "env", "mount");
    private static final Pattern ENTRY = Pattern.compile("([a-z0-9.+-]+):([a-zA-Z0-9/._-]+)[ )\n]");

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            if ("true".equals(System.getenv("CI"))) {
                fail("needs root, for a mount namespace");
            }
            Assumptions.abort("needs root, for a mount namespace");
        }
        for (String part : List.of("bin", "none", "sbin")) {
            Files.createDirectories(folder.resolve(part));
        }
        for (String tool : TOOLS) {
            program(tool, "exec " + Command.must("bash", "-c", "command -v " + tool) + " \"$@\"");
        }
        program("apt-get", "echo \"$*\" >>" + folder + "/asked");
        program("apt-cache", "case $2 in *jdk*) [ -e " + folder + "/jdk ] || exit 0;; esac; echo 'Candidate: 1.0'");
        program("go", "echo go version go1.24.0 linux/amd64");
    }

    private Path program(String name, String script) throws IOException {
        Path file = folder.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Puts everything there that the script looks for, but for some. */
    private void everythingBut(String... absent) throws IOException {
        String script = Files.readString(Repository.path("deploy/local/packages"));
        var programs = new ArrayList<String>();
        ENTRY.matcher(script).results().map(it -> it.group(2)).filter(it -> !it.startsWith("/")).forEach(programs::add);
        assertThat(programs).contains("kubectl", "mvn", "linux.uml").containsAll(List.of(absent));
        programs.removeAll(List.of(absent));
        for (String name : programs) {
            if (!Files.exists(folder.resolve("bin").resolve(name))) {
                program(name, "exit 0");
            }
        }
    }

    private Outcome packages(String javaHome, String what) {
        return Command.run(List.of("unshare", "--mount", folder.resolve("bin/env").toString(), "-i",
                "PATH=" + folder.resolve("bin"), "HOME=" + folder, "JAVA_HOME=" + javaHome, "sh", "-c",
                "mount --bind " + folder + "/none /usr/lib/jvm && mount --bind " + folder + "/sbin /usr/sbin && exec "
                        + Repository.text("deploy/local/packages") + " " + what));
    }

    /** Looks like one to whoever asks for its version. */
    private String jdk() throws IOException {
        Path home = folder.resolve("java");
        Files.createDirectories(home.resolve("bin"));
        Files.move(program("javac", "echo javac 25.0.1"), home.resolve("bin/javac"));
        return home.toString();
    }

    private String asked() throws IOException {
        Path file = folder.resolve("asked");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void aProgramThatIsThereIsNotInstalledWhereverItCameFrom() throws IOException {
        everythingBut("socat", "zsh");

        Outcome outcome = packages(jdk(), "test");

        assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        assertThat(outcome.output()).contains("Missing, and being installed:").contains("socat", "zsh");
        assertThat(asked()).containsPattern("install .* socat")
                .contains("zsh")
                .doesNotContain("kubernetes-client", "maven", "jdk", "golang");
        assertThat(folder.resolve("sbin")).as("policy-rc.d is gone again").isEmptyDirectory();
    }

    @Test
    void whereNothingIsMissingNobodyIsAsked() throws IOException {
        everythingBut();

        Outcome outcome = packages(jdk(), "serve");

        assertThat(outcome.status()).as(outcome.output()).isZero();
        assertThat(outcome.output()).isEmpty();
        assertThat(asked()).isEmpty();
    }

    @Test
    void withoutAnyJdkToInstallItSaysTheCommandThatInstallsOne() throws IOException {
        everythingBut();

        Outcome outcome = packages("/nowhere", "serve");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("a JDK 25 is missing", "apt-get install -y temurin-25-jdk")
                .doesNotContain("\u001b");
        assertThat(asked()).doesNotContain("install");
    }

    @Test
    void aJdkThatThePackageListsHaveIsInstalled() throws IOException {
        everythingBut("mvn");
        Files.createFile(folder.resolve("jdk"));

        Outcome outcome = packages("/nowhere", "serve");

        assertThat(asked()).containsPattern("install .*maven openjdk-25-jdk-headless");
        assertThat(outcome.succeeded()).as("the package manager of this test installs nothing").isFalse();
        assertThat(outcome.output()).contains("No JDK 25 (nor 21)");
    }

    @Test
    void serveRunsFromACopyThatTheNextBuildLeavesAloneAndWhichGoesAfterItsProcess() throws Exception {
        Path root = folder.resolve("root");
        Path local = Files.createDirectories(root.resolve("deploy/local"));
        Files.copy(Repository.path("deploy/local/serve"), local.resolve("serve"));
        Files.createDirectories(root.resolve("operator/target/lib"));
        Files.writeString(root.resolve("operator/target/lib/library.jar"), "library");
        Files.move(program("packages", "exit 0"), local.resolve("packages"));
        Files.move(program("jdk", "echo " + folder), local.resolve("jdk"));
        // Stands for the program: says which jar it is, and lives until it is told to end.
        program("java", "echo \"$3\"; read -r end");

        try (var first = Serve.start(root, folder, "one"); var second = Serve.start(root, folder, "two")) {
            assertThat(Files.readString(first.jar())).as("as it was when it was built").isEqualTo("one");
            assertThat(Files.readString(second.jar())).isEqualTo("two");
            assertThat(first.jar().resolveSibling("lib/library.jar")).hasContent("library");
            first.end();
            try (var third = Serve.start(root, folder, "three")) {
                assertThat(first.jar()).as("its process is gone").doesNotExist();
                assertThat(List.of(second.jar(), third.jar())).allMatch(Files::exists);
            }
        }
    }

    /** A run of the script, with a build that makes a jar of one word. */
    private record Serve(Process process, Path jar) implements AutoCloseable {

        static Serve start(Path root, Path folder, String word) throws IOException {
            Path mvn = folder.resolve("bin/mvn");
            Files.writeString(mvn,
                    "#!/bin/sh\nprintf " + word + " >" + root.resolve("operator/target/pptp-operator.jar") + "\n");
            Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
            var script = new ProcessBuilder("bash", root.resolve("deploy/local/serve").toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            script.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
            Process process = script.start();
            Path jar = process.inputReader()
                    .lines()
                    .filter(line -> line.endsWith(".jar"))
                    .findFirst()
                    .map(Path::of)
                    .orElseThrow();
            return new Serve(process, jar);
        }

        void end() throws IOException {
            process.getOutputStream().close();
            process.onExit().join();
        }

        @Override
        public void close() throws IOException {
            end();
        }
    }
}
