package io.pptpoperator.benchmarks.startup;

import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.PptpServerProcess;
import io.pptpoperator.benchmarks.lab.Samples;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import io.pptpoperator.benchmarks.lab.Wire;
import io.pptpoperator.benchmarks.lab.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How long a server takes from the start of its process until it takes calls, plain and with an AOT cache (JEP 514).
 */
public final class StartupBenchmark {
    private static final double PLAIN_SECONDS = 1.5;
    private static final double CACHED_SECONDS = 0.8;

    private final int runs;
    private final DataplaneProgram program;
    private final Consumer<String> progress;

    /**
     * @param runs how often each is measured
     * @param progress told what happens
     */
    public StartupBenchmark(int runs, DataplaneProgram program, Consumer<String> progress) {
        this.runs = runs;
        this.program = program;
        this.progress = progress;
    }

    /** Measures. */
    public Section run() {
        return Workspace.measure(this::measure);
    }

    private Section measure(Path directory) {
        Wire wire = new Wire("startup");
        Path config = directory.resolve("config");
        DataplaneProgram.write(config.resolve("server.yaml"), """
                localIP: 10.98.0.1
                pools: ["10.98.0.10-200"]
                nat: {uplink: wire}
                """);
        DataplaneProgram.write(config.resolve("users.yaml"), """
                users:
                  - {username: bench, password: "benchmark"}
                """);
        Samples plain = new Samples();
        for (int i = 0; i < runs; i++) {
            plain.add(startOnce(program, wire, config, directory.resolve("plain" + i + ".log")));
        }
        List<Target> targets = new ArrayList<>();
        targets.add(Target.atMost("from process start to accepting calls", PLAIN_SECONDS, " s", plain.median()));
        StringBuilder table = new StringBuilder("| seconds | |\n|---|---|\n| plain | " + plain.text() + " |\n");

        Path cache = directory.resolve("server.aot");
        startOnce(program.with("-XX:AOTCacheOutput=" + cache), wire, config, directory.resolve("training.log"));
        if (Files.exists(cache)) {
            Samples cached = new Samples();
            for (int i = 0; i < runs; i++) {
                cached.add(startOnce(program.with("-XX:AOTCache=" + cache), wire, config,
                        directory.resolve("cached" + i + ".log")));
            }
            targets.add(Target.atMost("the same with AOT cache", CACHED_SECONDS, " s", cached.median()));
            table.append("| with AOT cache | ").append(cached.text()).append(" |\n");
        } else {
            progress.accept("This Java writes no AOT cache (JDK 25 does)");
        }
        return new Section("Start",
                "From the start of the process until it takes calls, MASQUERADE rules set; " + runs
                        + " runs each, median (least–greatest). The AOT cache is made by one run with"
                        + " `-XX:AOTCacheOutput` and used with `-XX:AOTCache`.\n\n" + table,
                targets);
    }

    private double startOnce(DataplaneProgram started, Wire wire, Path config, Path log) {
        PptpServerProcess server = PptpServerProcess.start(started, wire, config, log);
        double seconds = server.startTime().toMillis() / 1e3;
        progress.accept("started in " + seconds + " s");
        server.stop();
        return seconds;
    }
}
