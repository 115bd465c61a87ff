package io.pptpoperator.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Helm, built from its published modules when first asked for. */
final class Helm {

    private static final Duration BUILD = Duration.ofMinutes(30);

    private Helm() {}

    /** Path of the program. Where it cannot be had the test is skipped, or fails when this is CI. */
    static String program() {
        Outcome outcome = Command.run(List.of(Repository.text(".ci/tools/tool"), "helm"), BUILD);
        if (!outcome.succeeded()) {
            if ("true".equals(System.getenv("CI"))) {
                fail(outcome.output());
            }
            Assumptions.abort(outcome.output());
        }
        return outcome.output().lines().reduce((earlier, last) -> last).orElseThrow();
    }
}
