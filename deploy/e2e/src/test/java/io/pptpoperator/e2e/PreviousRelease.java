package io.pptpoperator.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The release before this one, as .ci/previous-release names it, built when first asked for. */
final class PreviousRelease {

    /** The tag of its images. */
    static final String TAG = "previous";

    private static final Duration BUILD = Duration.ofMinutes(30);

    private final Path folder;

    private PreviousRelease(Path folder) {
        this.folder = folder;
    }

    /**
     * Builds it. Where it cannot be had, as without the repository's history, the test is skipped, or fails when this
     * is CI.
     */
    static PreviousRelease built() {
        Outcome outcome = Command.run(List.of(Repository.text(".ci/images/previous")), BUILD);
        if (!outcome.succeeded()) {
            if ("true".equals(System.getenv("CI"))) {
                fail(outcome.output());
            }
            Assumptions.abort(outcome.output());
        }
        return new PreviousRelease(Path.of(outcome.output().lines().reduce((earlier, last) -> last).orElseThrow()));
    }

    /** Archives of its images. */
    List<Path> images() {
        return List.of(folder.resolve("pptp-dataplane.tar"), folder.resolve("pptp-operator.tar"));
    }

    /** Its install.yaml, naming those images. */
    String installation() {
        return folder.resolve("install.yaml").toString();
    }
}
