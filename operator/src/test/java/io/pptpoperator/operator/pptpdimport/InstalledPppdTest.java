package io.pptpoperator.operator.pptpdimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The table of options against a real pppd: what it takes for an option, and whether it wants an argument. */
class InstalledPppdTest {

    private static final Path PPPD = Path.of("/usr/sbin/pppd");
    private static final Path MANUAL = Path.of("/usr/share/man/man8/pppd.8.gz");
    /**
     * How many options pppd 2.4.9 and the table have in common at the least; fewer would mean that nothing was asked.
     */
    private static final int MANY = 200;

    private enum Reception {
        UNKNOWN, WITHOUT_ARGUMENT, WITH_ARGUMENT
    }

    @Test
    void everyOptionOfThisPppdHasTheArgumentsThatTheTableSays() throws Exception {
        requirePppd();
        int known = 0;
        List<String> wrong = new ArrayList<>();
        for (String name : PppdOptionTable.names()) {
            Reception reception = reception(name);
            if (reception != Reception.UNKNOWN) {
                known++;
                int arguments = reception == Reception.WITH_ARGUMENT ? 1 : 0;
                if (arguments != PppdOptionTable.arguments(name)) {
                    wrong.add(name + " takes " + arguments);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(known).isGreaterThan(MANY);
    }

    @Test
    void everyOptionOfTheManualPageIsKnown() throws Exception {
        requirePppd();
        Assumptions.assumeTrue(Files.isReadable(MANUAL),
                MANUAL + " is missing, as in images that leave manual pages out; nothing to compare");
        String page;
        try (var in = new GZIPInputStream(Files.newInputStream(MANUAL))) {
            page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Set<String> named = new TreeSet<>(Pattern.compile("(?m)^\\.TP\\s*\\n\\.B ([-+a-z0-9\\\\_]+)")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .map(it -> it.substring(it.indexOf(".B ") + 3).replace("\\", ""))
                .toList());
        assertThat(named).hasSizeGreaterThan(100);
        for (String name : named) {
            if (reception(name) != Reception.UNKNOWN && !name.matches("[0-9]+")) {
                assertThat(PppdOption.parse(new SourceFile("options", name + " 1"), PppdOption.Inclusion.NONE,
                        new ArrayList<>())).as(name)
                        .satisfiesAnyOf(options -> assertThat(options).isNotEmpty(),
                                options -> assertThat(PppdOptionTable.includes(name)).isTrue());
            }
        }
    }

    /** pppd reads its options before it looks for the kernel's PPP, so this needs neither PPP nor a line. */
    private static Reception reception(String option) throws IOException, InterruptedException {
        Process pppd = new ProcessBuilder(PPPD.toString(), "notty", "dryrun", option).redirectErrorStream(true).start();
        pppd.getOutputStream().close();
        String answer = new String(pppd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        pppd.waitFor();
        if (answer.contains("unrecognized option")) {
            return Reception.UNKNOWN;
        }
        return answer.contains("too few parameters") ? Reception.WITH_ARGUMENT : Reception.WITHOUT_ARGUMENT;
    }

    private static void requirePppd() {
        if (Files.isExecutable(PPPD)) {
            return;
        }
        String reason = PPPD + " is missing; install the Debian package ppp";
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        Assumptions.abort(reason);
    }
}
