package io.pptpoperator.e2e;

import io.pptpoperator.dataplane.interop.lab.Command;
import java.time.Duration;
import java.util.List;

/** Helm, built from its published modules when first asked for. */
final class Helm {

    private static final Duration BUILD = Duration.ofMinutes(30);

    private Helm() {}

    /** Path of the program. */
    static String program() {
        return Command.run(List.of(Repository.text(".ci/tools/tool"), "helm"), BUILD).output().lines()
                .reduce((earlier, last) -> last).orElseThrow();
    }
}
