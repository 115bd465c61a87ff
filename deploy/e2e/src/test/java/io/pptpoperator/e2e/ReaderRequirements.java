package io.pptpoperator.e2e;

import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class where the documentation's commands cannot be run, saying what is missing; in CI that is a failure. */
final class ReaderRequirements implements ExecutionCondition {

    private static final Map<String, String> PROGRAMS = Map.of("fish", "fish", "git", "git", "ip", "iproute2", "mvn",
            "maven", "tar", "tar", "unshare", "util-linux", "zsh", "zsh");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return MachineRequirements.evaluateForRoot(context, "Running the documentation's commands", PROGRAMS);
    }
}
