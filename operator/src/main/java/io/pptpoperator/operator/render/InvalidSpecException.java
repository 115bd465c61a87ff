package io.pptpoperator.operator.render;

import java.util.List;

/** A PptpServer that no data plane could serve. The schema refuses most of them; this is for the rest. */
public final class InvalidSpecException extends RuntimeException {

    private final transient List<String> problems;

    /** Carries everything that is wrong, each with its field. */
    public InvalidSpecException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, each with its field in the {@code spec}. */
    public List<String> problems() {
        return problems;
    }
}
