package io.pptpoperator.benchmarks.micro;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all benchmarks of this package. */
public final class MicroBenchmarks {
    private static final int ITERATIONS = 5;

    private MicroBenchmarks() {}

    /** Measures; returns the table, in Markdown. */
    public static String run() {
        try {
            return table(
                    new Runner(new OptionsBuilder().include(MicroBenchmarks.class.getPackageName() + ".*")
                            .forks(1).warmupIterations(ITERATIONS - 2).warmupTime(TimeValue.seconds(1))
                            .measurementIterations(ITERATIONS).measurementTime(TimeValue.seconds(1)).build())
                            .run());
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH could not run", e);
        }
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder table = new StringBuilder("| benchmark | ns per operation |\n|---|---|\n");
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            String parameters = result.getParams().getParamsKeys().stream()
                    .map(key -> ", " + result.getParams().getParam(key) + " " + key)
                    .collect(Collectors.joining());
            Result<?> score = result.getPrimaryResult();
            table.append(String.format(Locale.ROOT, "| %s%s | %.1f ± %.1f |%n",
                    name.substring(MicroBenchmarks.class.getPackageName().length() + 1), parameters,
                    score.getScore(), score.getScoreError()));
        }
        return table.toString();
    }
}
