package io.pptpoperator.benchmarks;

import io.pptpoperator.benchmarks.micro.MicroBenchmarks;
import io.pptpoperator.benchmarks.tunnel.BenchmarkException;
import io.pptpoperator.benchmarks.tunnel.TunnelBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, prints, and writes the document. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false, description = "Measures tunnels beside one another and the parts of the data plane; takes about eight minutes.")
public final class BenchmarkCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Option(names = "--dataplane", required = true, paramLabel = "JAR", description = "the data plane")
    private Path dataplane;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "the document to write, unless only a part is measured")
    private Path output;

    @Option(names = "--rounds", defaultValue = "5", description = "rounds (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "seconds per transfer (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--only", paramLabel = "PART", description = "measure only this: ${COMPLETION-CANDIDATES}")
    private Part only;

    @Option(names = "--jvm", paramLabel = "OPTIONS", defaultValue = "", description = "options for the data plane's JVM, to try what they do")
    private String jvm;

    @Option(names = "--without-peers", description = "measure PPTP tunnels only")
    private boolean withoutPeers;

    private enum Part {
        TUNNELS, PARTS
    }

    @Override
    public Integer call() throws IOException {
        try {
            String machine = Machine.describe();
            String tunnels = only == Part.PARTS
                    ? ""
                    : new TunnelBenchmark(rounds, seconds, java(), !withoutPeers, this::say).run();
            String parts = only == Part.TUNNELS ? "" : MicroBenchmarks.run();
            String document = Document.of(machine, tunnels, parts, rounds, seconds);
            System.out.println(document);
            if (only == null && !withoutPeers) {
                Files.writeString(output, document);
            }
            return 0;
        } catch (BenchmarkException e) {
            System.err.println("error: " + e.getMessage());
            return FAILED;
        }
    }

    private List<String> java() {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Arrays.stream(jvm.split(" ")).filter(option -> !option.isBlank()).forEach(command::add);
        command.addAll(List.of("-jar", dataplane.toAbsolutePath().toString()));
        return command;
    }

    private void say(String line) {
        System.err.println(line);
    }

    /** Measures as the arguments say. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchmarkCommand()).setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
