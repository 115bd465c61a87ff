package io.pptpoperator.benchmarks;

import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import io.pptpoperator.benchmarks.micro.MicroBenchmarks;
import io.pptpoperator.benchmarks.sessions.SessionsBenchmark;
import io.pptpoperator.benchmarks.soak.Scale;
import io.pptpoperator.benchmarks.soak.Soak;
import io.pptpoperator.benchmarks.startup.StartupBenchmark;
import io.pptpoperator.benchmarks.tunnel.RatesBenchmark;
import io.pptpoperator.benchmarks.tunnel.TunnelBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, prints, and writes the document. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures tunnels beside one another and the parts of the data plane; takes about a quarter of an hour.")
public final class BenchmarkCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int ITERATIONS = 4;
    private static final int RATE_SECONDS = 10;
    private static final int LOGIN_SECONDS = 15;
    private static final int STARTS = 5;
    private static final int SECONDS_PER_HOUR = 3_600;

    @Option(names = "--dataplane", required = true, paramLabel = "JAR", description = "the data plane")
    private Path dataplane;

    @Option(names = "--output", required = true, paramLabel = "FILE",
            description = "the document to write, unless only a part is measured")
    private Path output;

    @Option(names = "--wireguard-go", paramLabel = "PROGRAM",
            description = "another wireguard-go than Debian's, to be measured too")
    private String wireGuard;

    @Option(names = "--rounds", defaultValue = "3", description = "rounds (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "seconds per transfer (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--notes", paramLabel = "FILE", description = "what to append to the document")
    private Path notes;

    @Option(names = "--only", paramLabel = "PART",
            description = "measure only this, and print instead of write: ${COMPLETION-CANDIDATES}")
    private Part only;

    @Option(names = "--quick",
            description = "one short round of everything, printed instead of written: to see whether it works")
    private boolean quick;

    @Option(names = "--jvm", paramLabel = "OPTIONS", defaultValue = "",
            description = "options for the data plane's JVM, to try what they do")
    private String jvm;

    @Option(names = "--against", paramLabel = "JAR",
            description = "another build of the data plane, to be measured beside it in every round: the ratios say what"
                    + " a change is worth")
    private Path against;

    @Option(names = "--without-peers", description = "measure PPTP tunnels only")
    private boolean withoutPeers;

    @Option(names = "--soak", paramLabel = "HOURS",
            description = "measure nothing, but see whether a server stands so many hours of everything at once; writes"
                    + " soak.md and soak.svg beside the document where it is an hour or more")
    private Double soak;

    private enum Part {
        TUNNELS, RATES, PARTS, SESSIONS, START
    }

    @Override
    public Integer call() throws IOException {
        try {
            if (quick) {
                rounds = 1;
                seconds = 2;
            }
            String machine = Machine.describe(Optional.ofNullable(wireGuard).map(Path::of));
            DataplaneProgram program = new DataplaneProgram(Path.of(System.getProperty("java.home"), "bin", "java"),
                    dataplane, Arrays.stream(jvm.split(" ", -1)).filter(option -> !option.isBlank()).toList());
            if (soak != null) {
                return soak(machine, program);
            }
            List<Section> sections = new ArrayList<>();
            if (measures(Part.TUNNELS)) {
                Optional<DataplaneProgram> other = Optional.ofNullable(against)
                        .map(jar -> new DataplaneProgram(program.java(), jar, program.options()));
                sections.add(new TunnelBenchmark(rounds, seconds, program, other, !withoutPeers,
                        Optional.ofNullable(wireGuard), this::say).run());
            }
            if (measures(Part.RATES)) {
                sections.add(new RatesBenchmark(quick ? 3 : RATE_SECONDS, program, this::say).run());
            }
            if (measures(Part.PARTS)) {
                sections.add(MicroBenchmarks.run(quick ? 1 : ITERATIONS));
            }
            if (measures(Part.SESSIONS)) {
                sections.add(new SessionsBenchmark(quick ? 2 : LOGIN_SECONDS, program, this::say).run());
            }
            if (measures(Part.START)) {
                sections.add(new StartupBenchmark(quick ? 1 : STARTS, program, this::say).run());
            }
            String document = Document.of(machine, sections, notes == null ? "" : Files.readString(notes));
            System.out.println(document);
            if (only == null && !quick && !withoutPeers && against == null) {
                Files.writeString(output, document);
            }
            return 0;
        } catch (BenchmarkException e) {
            System.err.println("error: " + e.getMessage());
            return FAILED;
        }
    }

    /** Nothing may have grown: the exit status says whether a target was missed. */
    private int soak(String machine, DataplaneProgram program) throws IOException {
        Soak run = new Soak(Duration.ofSeconds(Math.round(soak * SECONDS_PER_HOUR)), Scale.FULL, program, this::say);
        Section section = run.run();
        boolean met = section.targets().stream().allMatch(Target::met);
        String document = Document.ofSoak(machine, section);
        System.out.println(document);
        if (soak >= 1) {
            Files.writeString(output.resolveSibling("soak.md"), document);
            Files.writeString(output.resolveSibling("soak.svg"), run.picture());
        }
        return met ? 0 : FAILED;
    }

    private boolean measures(Part part) {
        return only == null || only == part;
    }

    private void say(String line) {
        System.err.println(line);
    }

    /** Measures as the arguments say. */
    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new BenchmarkCommand()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }
}
