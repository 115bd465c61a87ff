package io.pptpoperator.dataplane.interop.lab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine with a Linux kernel of its own, one that has PPP and MPPE: User Mode Linux on this machine's root file
 * system, with pppd, pptp-linux and pptpd. Its network cards {@code vec0}, {@code vec1} … are tap devices of a
 * namespace. Commands are sent to {@code guest-init} over its serial line and run beside each other.
 */
public final class Guest implements AutoCloseable {

    private static final int CONSOLE_LINES = 12;
    private static final String LOAD_MODULES = "modprobe -a ppp_async ppp_mppe pptp";
    private static final Pattern REPLY = Pattern.compile("(\\w+) ([>=]) (.*)");

    private final String name;
    private final Process kernel;
    private final BufferedWriter requests;
    private final Path log;
    private final Path console;
    private final LineLog boot;
    private final LineLog syslog;
    private final Map<String, GuestCommand> running = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();

    private Guest(String name, Process kernel, Path logs) {
        this.name = name;
        this.kernel = kernel;
        this.log = logs.resolve(name + ".log");
        this.console = logs.resolve(name + ".console");
        this.requests = kernel.outputWriter(StandardCharsets.UTF_8);
        this.boot = new LineLog("the guest " + name + " (log: " + log + ")");
        this.syslog = new LineLog("the syslog of the guest " + name);
    }

    /** A guest's kernel ended, or did nothing, before the guest took commands. */
    static final class DiedAtStart extends LabException {

        private static final long serialVersionUID = 1;

        private final String end;
        private final String console;

        DiedAtStart(String guest, String end, String console) {
            super("The guest " + guest + " " + end + ". The last lines of its console:\n" + console.indent(4));
            this.end = end;
            this.console = console;
        }

        /** What became of it, as the end of a sentence. */
        String end() {
            return end;
        }

        /** The last lines that the kernel printed. */
        String console() {
            return console;
        }
    }

    /**
     * Boots a guest and waits until it takes commands.
     *
     * @param program  the kernel
     * @param where    namespace in which its kernel process runs
     * @param taps     existing tap devices of that namespace, one for each network card
     * @param initFile the script guest-init
     * @param logs     directory for NAME.log (everything said to and by the guest) and NAME.console
     * @throws DiedAtStart  when it does not come up; at once when the kernel's process ends
     */
    static Guest boot(GuestKernel program, String name, Namespace where, List<String> taps, Path initFile, Path logs) {
        var arguments = new ArrayList<>(List.of("mem=192M", "rootfstype=hostfs", "rootflags=/", "ro", "quiet",
                "init=" + initFile.toAbsolutePath(), "uml_dir=" + logs.toAbsolutePath() + "/uml/", "umid=" + name,
                "con=null", "con0=null,fd:2", "ssl0=fd:0,fd:1"));
        for (int card = 0; card < taps.size(); card++) {
            arguments.add("vec" + card + ":transport=tap,ifname=" + taps.get(card) + ",depth=64");
        }
        try {
            Process kernel = new ProcessBuilder(where.inside(program.command(arguments)))
                    .redirectError(logs.resolve(name + ".console").toFile())
                    .start();
            var guest = new Guest(name, kernel, logs);
            var reader = new Thread(guest::readReplies, "replies of " + name);
            reader.setDaemon(true);
            reader.start();
            guest.awaitReady();
            return guest;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start the guest " + name, e);
        }
    }

    private void awaitReady() {
        try {
            boot.await("^ready$", Await.PATIENCE);
        } catch (LabException e) {
            boolean ended = !kernel.isAlive() || boot.hasEnded();
            kernel.destroyForcibly();
            throw new DiedAtStart(name,
                    ended
                            ? "ended at start with status " + exitStatus()
                            : "did not come up in " + Await.PATIENCE.toSeconds() + " s",
                    lastOfConsole());
        }
    }

    /** The kernel's exit status, waiting a moment for it; 128 plus the signal's number when a signal ended it. */
    private String exitStatus() {
        try {
            return kernel.waitFor(5, TimeUnit.SECONDS) ? Integer.toString(kernel.exitValue()) : "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    /** The last lines that the kernel printed: why it ended, when it did. */
    String lastOfConsole() {
        try {
            List<String> lines = Files.readAllLines(console, StandardCharsets.ISO_8859_1)
                    .stream()
                    // The addresses of a panic's stack.
                    .filter(line -> !line.startsWith(" [<"))
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - CONSOLE_LINES), lines.size()));
        } catch (IOException e) {
            return "(" + console + " cannot be read: " + e.getMessage() + ")";
        }
    }

    /** Loads what PPTP needs of the kernel. */
    Outcome loadModules() {
        return run(LOAD_MODULES);
    }

    /** Makes a machine of it that has a name, and patience with bursts. */
    Guest settle() {
        must(LOAD_MODULES + " && hostname " + name + " && ip link set lo up");
        // The guest gets its processor in large slices; with default buffers pptp loses what arrives between.
        must("echo 4000000 | tee /proc/sys/net/core/rmem_max /proc/sys/net/core/rmem_default");
        return this;
    }

    private void readReplies() {
        try (var lines = kernel.inputReader(StandardCharsets.UTF_8);
                var file = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                handle(line);
            }
        } catch (IOException e) {
            boot.add("(lab: cannot read on: " + e.getMessage() + ")");
        } finally {
            boot.end();
            syslog.end();
            running.values().forEach(GuestCommand::guestEnded);
        }
    }

    private void handle(String line) {
        Matcher reply = REPLY.matcher(line);
        GuestCommand command = reply.matches() ? running.get(reply.group(1)) : null;
        if (command != null && reply.group(2).equals("=")) {
            running.remove(reply.group(1));
            command.ended(Integer.parseInt(reply.group(3)));
        } else if (command != null) {
            command.output().add(reply.group(3));
        } else if (reply.matches() && reply.group(1).equals("syslog")) {
            syslog.add(reply.group(3));
        } else {
            boot.add(line);
        }
    }

    /** Its host name. */
    public String name() {
        return name;
    }

    /** What its programs have sent to syslog: pptp and pptpd say there what happens to a call. */
    public LineLog syslog() {
        return syslog;
    }

    /** Starts a bash command line in the guest and returns at once. */
    public GuestCommand start(String command) {
        String id = Integer.toString(lastId.incrementAndGet());
        var started = new GuestCommand(this, id, command);
        running.put(id, started);
        try {
            synchronized (requests) {
                requests.write(id + " " + command.replace("\\", "\\\\").replace("\n", "\\n"));
                requests.newLine();
                requests.flush();
            }
        } catch (IOException e) {
            throw new LabException("The guest " + name + " takes no commands (log: " + log
                    + "). The last lines of its console:\n" + lastOfConsole().indent(4), e);
        }
        return started;
    }

    /** Runs a bash command line in the guest to its end. */
    public Outcome run(String command) {
        return run(command, Await.PATIENCE);
    }

    /** Runs a bash command line in the guest to its end, which must come within the limit. */
    public Outcome run(String command, Duration limit) {
        GuestCommand started = start(command);
        int status = started.awaitExit(limit);
        return new Outcome(status, started.output().text());
    }

    /**
     * Runs a bash command line in the guest and insists on success.
     *
     * @return what it printed
     */
    public String must(String command) {
        Outcome outcome = run(command);
        if (!outcome.succeeded()) {
            throw new LabException("'" + command + "' in the guest " + name + " ended with status " + outcome.status()
                    + ": " + outcome.output());
        }
        return outcome.output();
    }

    /** Gives a network card an address, in place of any it has, and brings it up. */
    public void addressCard(String card, String addressAndLength) {
        must("ip address flush dev " + card + " && ip address add " + addressAndLength + " dev " + card
                + " && ip link set " + card + " up");
    }

    /** How many of five pings come back, a fifth of a second apart. */
    public long pings(String address) {
        return Pings.answered(run(String.join(" ", Pings.command(address))), address);
    }

    /** Powers it off. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!kernel.waitFor(5, TimeUnit.SECONDS)) {
                kernel.destroyForcibly();
            }
        } catch (IOException e) {
            kernel.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kernel.destroyForcibly();
        }
    }
}
