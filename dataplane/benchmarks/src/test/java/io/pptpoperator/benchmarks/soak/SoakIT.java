package io.pptpoperator.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether the soak works: seconds of it, with a few clients. What grows only an hour shows. */
class SoakIT {
    private static final Path JAR = Path.of("..", "target", "pptp-dataplane.jar");

    @Test
    void aFewClientsComeAndGoAndNothingOfThemIsLeft() {
        var said = new ArrayList<String>();
        Soak soak = new Soak(Duration.ofSeconds(12), Scale.SMALL,
                new DataplaneProgram(Path.of(System.getProperty("java.home"), "bin", "java"), JAR, List.of()),
                said::add);

        Section section = soak.run();

        assertThat(section.targets()).hasSize(9)
                .filteredOn(it -> !it.measure().endsWith("over the course"))
                .as(String.join("\n", said))
                .allMatch(Target::met);
        assertThat(section.text()).contains("12 seconds of a server with 5 clients that stay", "| minute | sessions |");
        assertThat(soak.picture()).startsWith("<svg").contains("sessions, at most", "</svg>");
    }
}
