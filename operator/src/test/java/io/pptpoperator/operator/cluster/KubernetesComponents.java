package io.pptpoperator.operator.cluster;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where the Kubernetes programs are that tests start: what {@code .ci/kubernetes/components} finds or builds. */
final class KubernetesComponents {

    private static final Path SCRIPT = Repository.root().resolve(".ci/kubernetes/components");
    /** Building the programs takes minutes, once per machine. */
    private static final int BUILD_MINUTES = 60;

    /** Names another release of the API server than the usual: {@code oldest} or {@code newest}. */
    private static final String RELEASE = "kubernetes.release";

    private KubernetesComponents() {}

    /** The folder of the API server, which may be of another release than everything else. */
    static Path apiServerFolder() throws IOException, InterruptedException {
        String release = System.getProperty(RELEASE, "");
        return release.isEmpty() ? folder("kube-apiserver") : folder("--release", release, "kube-apiserver");
    }

    /**
     * The folder of programs, named after the script's options. Where they cannot be had the test is skipped, or fails when this is CI.
     */
    static Path folder(String... programs) throws IOException, InterruptedException {
        var command = Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(programs)).toList();
        Path errors = Files.createTempFile("components", ".log");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String folder = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        boolean ended = process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            missing(Files.readString(errors));
        }
        Files.delete(errors);
        return Path.of(folder);
    }

    /** A program beside the Kubernetes ones or on PATH. */
    static String program(Path folder, String name, String debianPackage) {
        Optional<Path> found = Stream
                .concat(Stream.of(folder), Stream.of(System.getenv("PATH").split(":")).map(Path::of))
                .map(place -> place.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            missing(name + " is neither in " + folder + " nor on PATH; install " + debianPackage);
        }
        return found.orElseThrow().toString();
    }

    private static void missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        Assumptions.abort(reason);
    }

    /** Starts a program whose output goes to a file in {@code folder}. */
    static Process start(Path folder, List<String> command) throws IOException {
        Path log = folder.resolve(Path.of(command.getFirst()).getFileName() + ".log");
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
