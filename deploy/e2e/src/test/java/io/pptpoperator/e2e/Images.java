package io.pptpoperator.e2e;

import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.LabException;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The project's images, built from the jars of this build. */
final class Images {

    private static final Duration BUILD = Duration.ofMinutes(10);

    private Images() {}

    /** Builds them, and returns their archives. */
    static List<Path> build() {
        Path folder = Path.of(System.getProperty("tests.output", "target"), "images").toAbsolutePath();
        Outcome outcome = Command.run(List.of(Repository.text(".ci/images/build"), folder.toString()), BUILD);
        if (!outcome.succeeded()) {
            throw new LabException("The images could not be built: " + outcome.output());
        }
        return List.of(folder.resolve("pptp-dataplane.tar"), folder.resolve("pptp-operator.tar"));
    }
}
