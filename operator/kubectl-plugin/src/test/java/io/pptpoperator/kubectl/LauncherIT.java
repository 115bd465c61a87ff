package io.pptpoperator.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one file that people install, run as they run it. */
class LauncherIT {

    private static final Path FOLDER = Path.of("target").toAbsolutePath();
    private static final String PLUGIN = FOLDER.resolve("kubectl-pptp").toString();

    @TempDir
    private Path home;

    private record Result(int status, String out) {}

    private Result run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("XDG_CACHE_HOME");
        builder.environment().merge("PATH", FOLDER.toString(), (path, folder) -> folder + ":" + path);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out);
    }

    /** A kubeconfig whose cluster does not answer. */
    private String kubeconfig() throws IOException {
        return Files.writeString(home.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1", insecure-skip-tls-verify: true}}]
                users: [{name: u, user: {token: t}}]
                """).toString();
    }

    @Test
    void itFindsItsJavaAndRemembersIt() throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            Result version = run(PLUGIN, "--version");
            assertThat(version.out).startsWith("kubectl-pptp ").doesNotContain("not packaged");
            assertThat(version.status).isZero();
        }
        assertThat(home.resolve(".cache/kubectl-pptp/java")).exists();
    }

    @Test
    void itSaysWhatIsWrongInOneSentenceAlsoWithItsArchiveOfClasses() throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            assertThat(run(PLUGIN, "sessions", "--kubeconfig", kubeconfig())).isEqualTo(new Result(3,
                    "error: the API server does not answer: is your kubeconfig's cluster running, and reachable from"
                            + " here?\n"));
            assertThat(home.resolve(".cache/kubectl-pptp/classes.jsa")).exists();
        }
    }

    @Test
    void kubectlFindsAndCompletesIt() throws IOException, InterruptedException {
        assertThat(run("kubectl", "pptp", "--version").out).startsWith("kubectl-pptp ");
        assertThat(run("kubectl", "__complete", "pptp", "profile", "alice", "--device", "m").out)
                .contains("\nmikrotik\n:4\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void shellsUnderstandTheirCompletion(String shell) throws IOException, InterruptedException {
        Result script = run(PLUGIN, "completion", shell);
        assertThat(script.status).isZero();
        requireInstalled(shell);
        Path file = Files.writeString(home.resolve("completion"), script.out);
        assertThat(run(shell, "-n", file.toString())).isEqualTo(new Result(0, ""));
    }

    private static void requireInstalled(String program) {
        boolean installed = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!installed && "true".equals(System.getenv("CI"))) {
            fail(program + " is not on PATH; install the package " + program);
        }
        assumeTrue(installed, program + " is not on PATH; install the package " + program);
    }

    @Test
    void bashCompletesValues() throws IOException, InterruptedException {
        assertThat(run("bash", "-c", "source <(kubectl-pptp completion bash);"
                + " COMP_WORDS=(kubectl-pptp sessions -o ''); COMP_CWORD=3; _kubectl_pptp; echo \"${COMPREPLY[*]}\"").out)
                .isEqualTo("table wide name json yaml\n");
    }
}
