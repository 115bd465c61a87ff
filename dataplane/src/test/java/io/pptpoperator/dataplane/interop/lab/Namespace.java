package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network namespace of the lab, with everything that runs in it. Its name carries the process id of the test run
 * that made it, so that runs beside each other do not meet, and the leftovers of a dead one are known as such.
 */
public final class Namespace implements AutoCloseable {

    private static final String PREFIX = "pptp-it-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-.*");
    private static final Path NAMES = Path.of("/run/netns");

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /**
     * Makes a namespace whose loopback is up and which speaks IPv4 only, so that no neighbour discovery disturbs
     * captures. Forwarding is off, as in every new namespace.
     *
     * @param role what it stands for: "server", "internet"
     */
    public static Namespace create(String role) {
        var namespace = new Namespace(PREFIX + ProcessHandle.current().pid() + "-" + role);
        Command.must("ip", "netns", "add", namespace.name);
        namespace.must("ip", "link", "set", "lo", "up");
        namespace.set("net.ipv6.conf.all.disable_ipv6", 1);
        namespace.set("net.ipv6.conf.default.disable_ipv6", 1);
        return namespace;
    }

    /** Removes the namespaces, and ends the processes in them, of test runs that died before they could. */
    public static void removeLeftovers() {
        if (!Files.isDirectory(NAMES)) {
            return;
        }
        try (Stream<Path> names = Files.list(NAMES)) {
            names.filter(Namespace::isLeftover).forEach(Namespace::removeLeftover);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void removeLeftover(Path leftover) {
        try {
            new Namespace(leftover.getFileName().toString()).close();
        } catch (LabException e) {
            if (Files.exists(leftover)) {
                throw e;
            }
            // Another run, begun at the same time, has removed it.
        }
    }

    private static boolean isLeftover(Path path) {
        var matcher = NAME.matcher(path.getFileName().toString());
        if (!matcher.matches()) {
            return false;
        }
        var owner = ProcessHandle.of(Long.parseLong(matcher.group(1)));
        return owner.isEmpty() || owner.get().info().startInstant().orElse(Instant.MIN).isAfter(made(path));
    }

    private static Instant made(Path path) {
        try {
            return Files.getLastModifiedTime(path).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its name, as {@code ip netns} knows it. */
    public String name() {
        return name;
    }

    /** The file that stands for it. */
    Path file() {
        return NAMES.resolve(name);
    }

    /** The command line that runs a command in here. */
    public List<String> inside(List<String> command) {
        var line = new ArrayList<>(List.of("ip", "netns", "exec", name));
        line.addAll(command);
        return line;
    }

    /** Runs a command in here to its end. */
    public Outcome run(String... command) {
        return Command.run(inside(List.of(command)));
    }

    /** Runs a command in here and insists on success. */
    public String must(String... command) {
        return Command.must(inside(List.of(command)));
    }

    /** Sets a sysctl of the namespace, named with dots. */
    public void set(String sysctl, int value) {
        must("sh", "-c", "echo " + value + " > /proc/sys/" + sysctl.replace('.', '/'));
    }

    /** How many of five pings from here come back, a fifth of a second apart. */
    public long pings(String address) {
        return Pings.answered(Command.run(inside(Pings.command(address))), address);
    }

    /** The packets that a named nftables counter of a table of family "ip" has seen. */
    public long counted(String table, String counter) {
        String listing = must("nft", "list", "counter", "ip", table, counter);
        var matcher = Pattern.compile("packets (\\d+)").matcher(listing);
        if (!matcher.find()) {
            throw new LabException("nft lists no packets for the counter " + counter + ": " + listing);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Kills what runs in here, then removes it with its interfaces. */
    @Override
    public void close() {
        Await.until("nothing runs in " + name, Await.PATIENCE, () -> {
            String pids = Command.must("ip", "netns", "pids", name);
            pids.lines()
                    .map(Long::valueOf)
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .forEach(ProcessHandle::destroyForcibly);
            return pids.isEmpty();
        });
        Command.must("ip", "netns", "delete", name);
    }
}
