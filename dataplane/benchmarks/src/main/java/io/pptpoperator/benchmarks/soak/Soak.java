package io.pptpoperator.benchmarks.soak;

import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Commands;
import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.PptpServerProcess;
import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Wire;
import io.pptpoperator.benchmarks.lab.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A server under everything at once for hours: clients that stay, that come and go and vanish on a bad network, that do
 * not know their password, that are killed; changes of the configuration every few seconds, firewall rules flushed.
 * Nothing may grow, and who stays must stay.
 */
public final class Soak {
    private static final String WRONG_SOURCE = "10.99.0.3";
    private static final int READINGS = 400;
    private static final int PATIENCE_SECONDS = 60;
    /** What crowds are told to stay for: longer than any soak, whose end is said to them. */
    private static final String FOREVER = "10000h";
    /** As the image has it, with the heap of a pod for so many sessions, so that memory has a height to stay at. */
    private static final String[] JVM = {"-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xms16m", "-Xmx128m"};

    private final Duration length;
    private final Scale scale;
    private final DataplaneProgram program;
    private final Consumer<String> progress;
    private final Course course = new Course();
    private final long begin = System.nanoTime();
    private Wire wire;
    private PptpServerProcess server;
    private SoakConfiguration configuration;
    /** Seconds that this program once had to wait for the processor, beyond what it asked for. */
    private double longestStall;

    /**
     * @param length how long clients come
     * @param scale how many
     * @param program the data plane
     * @param progress told what happens
     */
    public Soak(Duration length, Scale scale, DataplaneProgram program, Consumer<String> progress) {
        this.length = length;
        this.scale = scale;
        this.program = program;
        this.progress = progress;
    }

    /** Runs it. */
    public Section run() {
        return Workspace.measure(this::run);
    }

    /** The course as a picture, once it has run. */
    public String picture() {
        return course.picture();
    }

    private Section run(Path directory) {
        wire = new Wire("soak");
        Commands.run(wire.atClient("ip", "addr", "add", WRONG_SOURCE + "/24", "dev", "wire"));
        configuration = new SoakConfiguration(directory.resolve("config"), scale);
        configuration.write(0);
        server = PptpServerProcess.start(program.with(JVM), wire, configuration.folder(),
                directory.resolve("server.log"));
        Crowd staying = crowd(directory, "staying", scale.staying(), "--rate", "100", "--ping", "--packets", "2");
        Crowd churning = crowd(directory, "churning", scale.churning(), "--rate", "60", "--stay",
                4 * scale.echoSeconds() + "s", "--think", "3s", "--abandon", "10", "--ping", "--packets", "2", "--size",
                "1000", "--loss", "1", "--reorder", "2");
        Crowd mortal = crowd(directory, "mortal", scale.mortal(), "--rate", "50", "--ping");
        Crowd guessing = new Crowd("guessing", program, wire, directory, WRONG_SOURCE,
                DataplaneProgram.write(directory.resolve("wrong"), "wrong\n"), "--clients",
                Integer.toString(scale.guessing()), "--rate", "5", "--duration", FOREVER, "--think", "5s");

        Reading first = read();
        // Their logins are to be over before the others begin; then none of them may fail or end.
        staying.start();
        await("the staying clients are connected", now -> now.hasOnly(scale.staying()));
        churning.start();
        guessing.start();
        mortal.start();
        disturb(staying, mortal);
        mortal.kill();
        Crowd.Account churned = churning.leave();
        Crowd.Account guessed = guessing.leave();
        Reading quiet = await("the server has forgotten all but those who stay", now -> now.hasOnly(scale.staying()));
        Crowd.Account stayed = staying.leave();
        Reading last = await("the server has nobody left",
                now -> now.hasOnly(0) && now.descriptors() <= first.descriptors());
        server.stop();
        var findings = new Findings(scale, course.growth(), stayed, churned, guessed, first, quiet, last);
        return new Section("Course", text(churned, guessed), findings.targets());
    }

    private Crowd crowd(Path directory, String name, int clients, String... options) {
        Path password = DataplaneProgram.write(directory.resolve("right"), SoakConfiguration.PASSWORD + "\n");
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        all[0] = "--clients";
        all[1] = Integer.toString(clients);
        all[2] = "--duration";
        all[3] = FOREVER;
        return new Crowd(name, program, wire, directory, Wire.CLIENT_ADDRESS, password, all);
    }

    /** Does the server whatever is done to servers, until the time is over. */
    private void disturb(Crowd staying, Crowd mortal) {
        double begun = seconds();
        double end = begun + length.toSeconds();
        double pause = Math.max(scale.readSeconds(), (double) length.toSeconds() / READINGS);
        double change = begun;
        double flush = begun + scale.flushSeconds();
        double kill = begun + scale.killSeconds();
        double look = begun;
        for (double now = begun; now < end; now = seconds()) {
            if (now >= change) {
                configuration.writeNext();
                change = now + scale.changeSeconds();
            }
            if (now >= flush) {
                Commands.run(wire.atServer("nft", "flush", "ruleset"));
                flush = now + scale.flushSeconds();
            }
            if (now >= kill) {
                mortal.kill();
                mortal.start();
                kill = now + scale.killSeconds();
            }
            if (now >= look) {
                Reading reading = read();
                course.add(reading);
                progress.accept(String.format(Locale.ROOT,
                        "%.0f of %d s: %,d sessions, %.0f MB, %.1f MB of heap, %d threads, %,d descriptors, %,d calls",
                        now - begun, length.toSeconds(), reading.sessions(), reading.residentMegabytes(),
                        reading.heapMegabytes(), reading.threads(), reading.descriptors(), reading.calls()));
                look = now + pause;
            }
            if (!staying.isThere()) {
                throw new BenchmarkException("those who were to stay have ended by themselves");
            }
            aliveAfter(Math.max(0, Math.min(Math.min(change, flush), Math.min(kill, look)) - seconds()));
        }
    }

    private void aliveAfter(double seconds) {
        double begun = seconds();
        try {
            if (server.process().waitFor(Math.round(seconds * 1e3), TimeUnit.MILLISECONDS)) {
                throw new BenchmarkException("The server has ended by itself; its log is " + server.log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
        longestStall = Math.max(longestStall, seconds() - begun - seconds);
    }

    private Reading await(String what, Predicate<Reading> condition) {
        progress.accept("waiting until " + what);
        double end = seconds() + scale.secondsToNotice() + PATIENCE_SECONDS;
        while (true) {
            Reading now = read();
            if (condition.test(now)) {
                return now;
            }
            if (seconds() > end) {
                throw new BenchmarkException("in vain waited until " + what + ": " + now);
            }
            aliveAfter(1);
        }
    }

    private Reading read() {
        return Reading.take(seconds(), wire, server);
    }

    private double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    private String text(Crowd.Account churned, Crowd.Account guessed) {
        return String.format(Locale.ROOT,
                """
                        %s of a server with %,d clients that stay, %,d that come and go, a tenth of them without a word, on a \
                        network that loses 1 %% and reorders 2 %% of the packets, %d that do not know their password, and %d \
                        whose process is killed every %d s. All but those with the wrong password ping through the tunnel. \
                        The configuration changes every %d s, all firewall rules are flushed every %d s. The machine itself let \
                        this program wait for its turn for %.1f s at most: from some seconds on, clients and server take one \
                        another for dead.

                        Those who come and go: %s. Those who guess: %,d guesses.

                        %s""",
                words(), scale.staying(), scale.churning(), scale.guessing(), scale.mortal(), scale.killSeconds(),
                scale.changeSeconds(), scale.flushSeconds(), longestStall, churned.text(), guessed.failed(),
                course.table());
    }

    private String words() {
        return length.toMinutes() >= 120
                ? length.toHours() + " hours"
                : length.toMinutes() >= 2 ? length.toMinutes() + " minutes" : length.toSeconds() + " seconds";
    }
}
