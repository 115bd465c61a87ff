package io.pptpoperator.e2e;

import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class where a cluster cannot be started, saying what is missing; in CI that is a failure. */
final class NodeRequirements implements ExecutionCondition {

    private static final Map<String, String> PROGRAMS = Map.of("buildah", "buildah", "containerd", "containerd", "etcd",
            "etcd-server", "kubectl", "kubernetes-client", "openssl", "openssl", "runc", "runc", "go",
            "golang-go, version 1.24 or newer", "/usr/lib/cni/ptp", "containernetworking-plugins", "socat", "socat");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return MachineRequirements.evaluate(context, "A cluster", PROGRAMS);
    }
}
