package io.pptpoperator.benchmarks.micro;

import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import java.util.Collection;
import java.util.List;
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
    private static final int WARM_UP = 3;
    private static final int PACKET_BITS = 1_400 * 8;
    private static final double GIGABITS = 4.5;
    private static final double OVER_JDK = 1.5;
    private static final double MANY_SESSIONS = 1.15;

    private MicroBenchmarks() {}

    /**
     * Measures.
     *
     * @param iterations how often, for a second each
     */
    public static Section run(int iterations) {
        try {
            Collection<RunResult> results = new Runner(
                    new OptionsBuilder().include(MicroBenchmarks.class.getPackageName() + ".*")
                            .forks(1)
                            .warmupIterations(WARM_UP)
                            .warmupTime(TimeValue.seconds(1))
                            .measurementIterations(iterations)
                            .measurementTime(TimeValue.seconds(1))
                            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
                            .build())
                    .run();
            return new Section("Parts", "JMH, one thread; mean and error (99.9 %).\n\n" + table(results),
                    targets(results));
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH could not run", e);
        }
    }

    private static List<Target> targets(Collection<RunResult> results) {
        double mppe = nanos(results, "MppeBenchmark.encryptBatch", "1400");
        double jdk = nanos(results, "MppeBenchmark.jdkRc4", "1400");
        double one = nanos(results, "PacketCostBenchmark.packetsToClients", "1");
        double many = nanos(results, "PacketCostBenchmark.packetsToClients", "10000");
        return List.of(
                Target.atLeast("MPPE alone, 1,400-byte packets, one core", GIGABITS, " Gbit/s", PACKET_BITS / mppe),
                Target.atLeast("the same against the JDK's RC4 with a new key per packet", OVER_JDK, " ×", jdk / mppe),
                Target.atMost("cost per packet with 10,000 sessions against 1", MANY_SESSIONS, " ×", many / one));
    }

    private static double nanos(Collection<RunResult> results, String benchmark, String parameter) {
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
                .filter(result -> result.getParams()
                        .getParamsKeys()
                        .stream()
                        .anyMatch(key -> result.getParams().getParam(key).equals(parameter)))
                .mapToDouble(result -> result.getPrimaryResult().getScore())
                .findFirst()
                .orElseThrow();
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder table = new StringBuilder("| benchmark | ns per operation |\n|---|---|\n");
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            String parameters = result.getParams()
                    .getParamsKeys()
                    .stream()
                    .map(key -> ", " + result.getParams().getParam(key) + " " + key)
                    .collect(Collectors.joining());
            Result<?> score = result.getPrimaryResult();
            table.append(String.format(Locale.ROOT, "| %s%s | %.1f ± %.1f |%n",
                    name.substring(MicroBenchmarks.class.getPackageName().length() + 1), parameters, score.getScore(),
                    score.getScoreError()));
        }
        return table.toString();
    }
}
