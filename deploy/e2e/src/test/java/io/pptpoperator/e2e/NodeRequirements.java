package io.pptpoperator.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class where a cluster cannot be started, saying what is missing; in CI that is a failure. */
final class NodeRequirements implements ExecutionCondition {

    /** Programs, and the Debian packages that have them. */
    private static final Map<String, String> PROGRAMS = new TreeMap<>(Map.of("buildah", "buildah",
            "containerd",
            "containerd", "etcd", "etcd-server", "kubectl", "kubernetes-client", "openssl", "openssl", "runc",
            "runc", "go", "golang-go, version 1.24 or newer", "/usr/lib/cni/ptp",
            "containernetworking-plugins", "socat", "socat"));

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> absent = PROGRAMS.keySet().stream().filter(program -> !isInstalled(program)).toList();
        if (absent.isEmpty()) {
            return ConditionEvaluationResult.enabled("The machine has all that a cluster needs.");
        }
        String missing = "A cluster needs " + String.join(", ", absent) + ". On Debian: apt-get install "
                + String.join(" ", absent.stream().map(PROGRAMS::get).toList());
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(missing + " (With CI=true this is a failure.)");
        }
        System.err.println(context.getDisplayName() + " is skipped. " + missing);
        return ConditionEvaluationResult.disabled(missing);
    }

    private static boolean isInstalled(String program) {
        return Stream
                .concat(Stream.of(System.getenv("PATH").split(":", -1)),
                        Stream.of("/usr/sbin", "/sbin", "/usr/local/go/bin"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
