package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * The interop lab of a test run: namespaces, an internet, and guests that are real clients. It is built once, on first
 * use, and removed at the end of the run in every outcome; its logs stay in the folder {@code lab} of {@link #OUTPUT}.
 */
public final class Lab implements AutoCloseable {

    /** Where the server under test listens, in the clients' network. */
    public static final String SERVER = "198.51.100.1";
    /** Where the reference server listens. */
    public static final String REFERENCE_SERVER = "198.51.100.2";
    /** The reference server's end of every tunnel. */
    public static final String REFERENCE_TUNNEL = "198.18.2.1";
    /** The addresses that the reference server gives to clients. */
    public static final String REFERENCE_CLIENTS = "198.18.2.0/24";
    /** The address of the reference server in the internet's network. */
    static final String REFERENCE_UPLINK = "203.0.113.3";
    /** Where another server can stand, beside the one under test. */
    public static final String SECOND_SERVER = "198.51.100.3";
    /** Its address in the internet's network. */
    static final String SECOND_UPLINK = "203.0.113.4";
    /** The address that the internet sees masqueraded traffic come from. */
    public static final String SERVER_UPLINK = "203.0.113.2";
    /** The only address of the clients behind the home router that others see. */
    public static final String NAT_OUTSIDE = "198.51.100.50";
    /** The first client machine, in the servers' network. */
    public static final String LAPTOP = "198.51.100.11";
    /** The second client machine, in the servers' network. */
    public static final String DESKTOP = "198.51.100.12";
    /** The machine for our own client, behind the home router. */
    public static final String HOME_CLIENT = "198.18.1.21";
    /** The machine for many simulated clients, in the servers' network. */
    public static final String CROWD = "198.51.100.21";
    /** The home router, from inside. */
    public static final String NAT_INSIDE = "198.18.1.1";
    /** The server's default gateway. */
    public static final String INTERNET = "203.0.113.1";
    /** A web server. */
    public static final String WEB = "203.0.113.80";
    /** Where {@link #WEB} takes anything until its end, and answers with its SHA-256. */
    public static final int SINK_PORT = 9100;
    /** A web server that sends full Ethernet packets whatever MSS it is told, and never hears an ICMP error. */
    public static final String STUBBORN_WEB = "203.0.113.81";
    /** A DNS server. */
    public static final String DNS = "203.0.113.53";
    /** The name of the web server, which the DNS server knows. */
    public static final String WEB_NAME = "www.lab.test";

    /** The folder of the Maven module whose tests run. */
    static final Path BASE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    /** What a test process writes; processes side by side have one each. */
    static final Path OUTPUT = BASE.resolve(System.getProperty("tests.output", "target"));
    /** The folder src/test/lab. */
    static final Path SCRIPTS = Path.of(System.getProperty("lab.scripts", BASE.resolve("src/test/lab").toString()))
            .normalize();

    private final Path directory = OUTPUT.resolve("lab");
    private final Thread removal = new Thread(this::remove, "removal of the lab");
    private GuestKernel kernel;
    private Topology topology;
    private InternetHosts hosts;
    private CompletableFuture<Guest> laptop;
    private CompletableFuture<Guest> desktop;
    private CompletableFuture<Guest> reference;
    private Path lastServer;
    private boolean removed;

    /** Builds the lab and begins to boot the two client guests. */
    Lab() {
        Runtime.getRuntime().addShutdownHook(removal);
        try {
            kernel = GuestKernel.ofThisMachine();
            makeEmpty(directory);
            topology = new Topology(SCRIPTS);
            laptop = bootClient("laptop", LAPTOP, "198.18.1.11");
            desktop = bootClient("desktop", DESKTOP, "198.18.1.12");
            hosts = new InternetHosts(topology, directory);
        } catch (RuntimeException e) {
            remove();
            throw e;
        }
    }

    private CompletableFuture<Guest> bootClient(String name, String address, String homeAddress) {
        List<String> taps = List.of(topology.tap(name, 0, Topology.Wire.ACCESS),
                topology.tap(name, 1, Topology.Wire.HOME));
        return CompletableFuture.supplyAsync(() -> {
            Guest guest = Guest.boot(kernel, name, topology.wires(), taps, SCRIPTS.resolve("guest-init"), directory)
                    .settle();
            guest.addressCard("vec0", address + "/24");
            guest.addressCard("vec1", homeAddress + "/24");
            return guest;
        });
    }

    /** A client's machine in the same network as the servers. */
    public Guest laptop() {
        return booted(laptop);
    }

    /** Another client's machine in the same network as the servers. */
    public Guest desktop() {
        return booted(desktop);
    }

    /** The machine of the reference server, booted when first asked for. */
    public synchronized Guest reference() {
        if (reference == null) {
            List<String> taps = List.of(topology.tap("reference", 0, Topology.Wire.ACCESS),
                    topology.tap("reference", 1, Topology.Wire.UPLINK));
            reference = CompletableFuture.supplyAsync(() -> {
                Guest guest = Guest
                        .boot(kernel, "reference", topology.wires(), taps, SCRIPTS.resolve("guest-init"), directory)
                        .settle();
                guest.addressCard("vec0", REFERENCE_SERVER + "/24");
                guest.addressCard("vec1", REFERENCE_UPLINK + "/24");
                guest.must("ip route add default via " + INTERNET);
                return guest;
            });
        }
        return booted(reference);
    }

    private static Guest booted(CompletableFuture<Guest> guest) {
        try {
            return guest.join();
        } catch (CompletionException e) {
            throw new LabException("A guest did not boot. " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Moves the two client machines behind the home router; closing the result moves them back. */
    public Home moveClientsHome() {
        return new Home(laptop(), desktop());
    }

    /**
     * Lengthens the wire of a client's machine in the servers' network until the result is closed.
     *
     * @param guest {@link #laptop()} or {@link #desktop()}
     * @param out from the machine to the servers
     * @param back from the servers to the machine
     * @param seed of what is left to chance
     */
    public LongWire lengthen(Guest guest, Weather out, Weather back, long seed) {
        return topology.lengthen(Topology.port(guest.name(), 0), out, back, seed);
    }

    /** The same for the machine of many simulated clients. */
    public LongWire lengthenCrowd(Weather out, Weather back, long seed) {
        return topology.lengthen(Topology.port(topology.crowd(), "eth0"), out, back, seed);
    }

    /**
     * Starts the server under test and waits until it is ready.
     *
     * @param name       of the directory in the logs for its configuration, log and capture
     * @param serverYaml text of server.yaml
     * @param usersYaml  text of users.yaml
     */
    public RunningServer serve(String name, String serverYaml, String usersYaml) {
        return serve(name, serverYaml, usersYaml, "");
    }

    /** The same with users.radius.yaml, if that has any text. */
    public RunningServer serve(String name, String serverYaml, String usersYaml, String radiusYaml) {
        lastServer = directory.resolve(name);
        var server = new RunningServer(topology.server(), lastServer, serverYaml, usersYaml);
        if (!radiusYaml.isEmpty()) {
            server.writeRadius(radiusYaml);
        }
        try {
            return server.start();
        } catch (RuntimeException e) {
            try {
                server.close();
            } catch (RuntimeException | AssertionError also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    /** The namespace of the server under test. */
    public Namespace serverHost() {
        return topology.server();
    }

    /** A namespace for another server, between the same networks as that of the server under test. */
    public Namespace secondServerHost() {
        return topology.secondServer();
    }

    /** The namespace of our own client: behind the home router, which is its default gateway. */
    public Namespace homeClient() {
        return topology.homeClient();
    }

    /** The namespace of many simulated clients: in the servers' network. */
    public Namespace crowd() {
        return topology.crowd();
    }

    /** The namespace of the home router. */
    public Namespace natHost() {
        return topology.nat();
    }

    /** The namespace of the web server and the DNS server. */
    public Namespace internetHost() {
        return topology.internet();
    }

    /** The namespace that every packet of the clients and of the reference server passes. */
    public Namespace wires() {
        return topology.wires();
    }

    /** A file of 300 KB on both web servers. */
    public WebFile page() {
        return hosts.page();
    }

    /** A file of 20 MB on both web servers. */
    public WebFile mediumFile() {
        return hosts.medium();
    }

    /** A file of 100 MB on both web servers. */
    public WebFile largeFile() {
        return hosts.large();
    }

    /** What the DNS server was asked. */
    public LineLog dnsLog() {
        return hosts.dnsLog();
    }

    /** Where the logs and captures are. */
    public Path directory() {
        return directory;
    }

    /** Copies the logs, and the capture of the last server, as they are now: later tests would bury them. */
    Path preserveLogs(String test) {
        Path copy = directory.resolve("failures").resolve(test);
        try (Stream<Path> ofLab = Files.list(directory);
                Stream<Path> ofServer = lastServer == null ? Stream.empty() : Files.walk(lastServer)) {
            for (Path file : Stream.concat(ofLab, ofServer).filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(directory.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not copy the logs to " + copy, e);
        }
    }

    /** Makes a folder, or makes one empty. */
    static void makeEmpty(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> paths = Files.walk(folder)) {
                    for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not make an empty folder of " + folder, e);
        }
    }

    /** Powers the guests off, ends everything that runs in the lab and removes its namespaces. */
    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(removal);
    }

    private synchronized void remove() {
        if (removed) {
            return;
        }
        removed = true;
        Stream.of(laptop, desktop, reference)
                .filter(guest -> guest != null)
                .map(guest -> guest.exceptionally(failure -> null).join())
                .filter(guest -> guest != null)
                .forEach(Guest::close);
        if (hosts != null) {
            hosts.close();
        }
        if (topology != null) {
            topology.close();
        }
    }
}
