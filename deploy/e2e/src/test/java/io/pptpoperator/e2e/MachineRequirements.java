package io.pptpoperator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whether this machine has what some tests need; in CI what is missing is a failure. */
final class MachineRequirements {

    private MachineRequirements() {}

    /**
     * Looks for programs.
     *
     * @param what what needs them, as a sentence's beginning: {@code "A cluster"}
     * @param programs programs or their paths, and the Debian packages that have them
     * @return disabled, with what is missing, outside CI
     * @throws IllegalStateException in CI, with what is missing
     */
    static ConditionEvaluationResult evaluate(ExtensionContext context, String what, Map<String, String> programs) {
        var sorted = new TreeMap<>(programs);
        List<String> absent = sorted.keySet().stream().filter(program -> !isInstalled(program)).toList();
        if (absent.isEmpty()) {
            return ConditionEvaluationResult.enabled("The machine has all that is needed.");
        }
        return missing(context, what + " needs " + String.join(", ", absent) + ". On Debian: apt-get install "
                + String.join(" ", absent.stream().map(sorted::get).toList()));
    }

    /** The same for what also needs root. */
    static ConditionEvaluationResult evaluateForRoot(ExtensionContext context, String what,
            Map<String, String> programs) {
        return isRoot()
                ? evaluate(context, what, programs)
                : missing(context, what + " needs root; run the tests as root.");
    }

    private static ConditionEvaluationResult missing(ExtensionContext context, String missing) {
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(missing + " (With CI=true this is a failure.)");
        }
        System.err.println(context.getDisplayName() + " is skipped. " + missing);
        return ConditionEvaluationResult.disabled(missing);
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not tell whether this is root", e);
        }
    }

    private static boolean isInstalled(String program) {
        return Stream
                .concat(Stream.of(System.getenv("PATH").split(":", -1)),
                        Stream.of("/usr/sbin", "/sbin", "/usr/local/go/bin"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
