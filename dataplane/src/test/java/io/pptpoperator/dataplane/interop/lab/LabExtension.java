package io.pptpoperator.dataplane.interop.lab;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Gives tests the one lab of the run, and keeps the logs of the tests that fail. */
final class LabExtension implements ExecutionCondition, ParameterResolver, TestWatcher {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(LabExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = LabRequirements.missing().or(LabExtension::missingForGuests);
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("The machine has all that the lab needs.");
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new LabException(missing.get() + " (With CI=true this is a failure.)");
        }
        System.err.println(context.getDisplayName() + " is skipped. " + missing.get());
        return ConditionEvaluationResult.disabled(missing.get());
    }

    /** Has a guest tried before the first test; where none boots, no class begins, and each says why. */
    private static Optional<String> missingForGuests() {
        try {
            GuestKernel.ofThisMachine();
            return Optional.empty();
        } catch (GuestKernel.MissingTool e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return lab(context);
    }

    private static Lab lab(ExtensionContext context) {
        // Closed by JUnit when the last test of the process has ended. Of several processes, each is given one class after
        // another to execute, and the context's root would be that of one class.
        return context.getStore(StoreScope.LAUNCHER_SESSION, OURS)
                .computeIfAbsent(Lab.class, key -> new Lab(), Lab.class);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        String test = context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName();
        System.err.println("Logs and captures of the failed " + test + ": " + lab(context).preserveLogs(test));
    }
}
