package io.pptpoperator.operator.manifest;

import java.util.List;
import java.util.stream.Collectors;

/** Manifests cannot be used; says everything that was found wrong, one line each. */
public final class ManifestException extends RuntimeException {

    private final transient List<ManifestProblem> problems;

    /** Carries at least one problem. */
    public ManifestException(List<ManifestProblem> problems) {
        super(problems.stream().map(ManifestProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong. */
    public List<ManifestProblem> problems() {
        return problems;
    }
}
