package io.pptpoperator.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final String HISTOGRAM = """
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:         12345        1234567  [B (java.base@25)
              37:           784          87808  io.pptpoperator.dataplane.datapath.WorkerTunnel
              38:             3             96  io.pptpoperator.dataplane.datapath.WorkerTunnel$Queue
            Total        512345       18236416
            """;

    private static Course course(int readings, IntFunction<Reading> reading) {
        Course course = new Course();
        for (int i = 0; i < readings; i++) {
            course.add(reading.apply(i));
        }
        return course;
    }

    private static Reading reading(int minute, double resident, double heap, long threads, long extra) {
        return new Reading(60 * minute, resident, heap, threads, 2_050 + extra, 2_000 + extra, 2_000, 10, 2_000 + extra,
                1, 1);
    }

    @Test
    void whatWarmsUpAndThenGoesUpAndDownIsFlat() {
        assertThat(
                course(60, i -> reading(i, 150 + Math.min(i, 15) * 4 + i % 7, 20 + i % 5, 28 + i % 3, i % 9)).growth())
                .isEmpty();
    }

    @Test
    void whatGoesOnGrowingIsNamed() {
        assertThat(course(60, i -> reading(i, 150 + 2 * i, 20, 28, 0)).growth()).singleElement()
                .isEqualTo("memory (RSS), MB: 210 in the second third, 250 in the last");
        assertThat(course(60, i -> reading(i, 200, 20 + i, 28, 0)).growth()).singleElement()
                .asString()
                .startsWith("heap");
        assertThat(course(60, i -> reading(i, 200, 20, 28 + i, 0)).growth()).singleElement()
                .asString()
                .startsWith("threads");
        assertThat(course(60, i -> reading(i, 200, 20, 28, 5L * i)).growth()).hasSize(3)
                .anyMatch(it -> it.startsWith("descriptors"))
                .anyMatch(it -> it.startsWith("addresses"))
                .anyMatch(it -> it.startsWith("calls"));
    }

    @Test
    void fewReadingsShowNothing() {
        assertThat(course(5, i -> reading(i, 200, 20, 28, 0)).growth()).containsExactly("there are only 5 readings");
    }

    @Test
    void aHistogramTellsWhatIsAlive() {
        assertThat(Reading.calls(HISTOGRAM)).isEqualTo(784);
        assertThat(Reading.aliveBytes(HISTOGRAM)).isEqualTo(18_236_416);
        assertThat(Reading.calls("Total 1 2")).isZero();
    }

    @Test
    void anAccountIsReadBehindWhateverElseIsPrinted() throws Exception {
        assertThat(Crowd.Account.of("""
                WARNING: something
                {"logins": 40, "failed": 2, "dropped": 1, "failures": {"no answer": 2}, "drops": {"peer": 1}}
                """).text()).isEqualTo("40 logins, 2 failed, 1 sessions dropped: {\"no answer\":2}, {\"peer\":1}");
    }
}
