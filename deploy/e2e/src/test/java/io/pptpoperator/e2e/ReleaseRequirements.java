package io.pptpoperator.e2e;

import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class where a release cannot be built and tried, saying what is missing; in CI that is a failure. */
final class ReleaseRequirements implements ExecutionCondition {

    private static final Map<String, String> PROGRAMS = Map.of("buildah", "buildah", "jq", "jq", "tar", "tar", "ip",
            "iproute2", "curl", "curl");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return MachineRequirements.evaluate(context, "A release", PROGRAMS);
    }
}
