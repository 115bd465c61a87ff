package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two users work through the tunnel while somebody else does what harm can be done, ten seconds of each kind, or as
 * many as the system property {@code adversary.seconds} says. They notice nothing: no session is lost, no packet of
 * theirs, none is seen in clear, and the server holds no more than before.
 */
@Timeout(1_800)
class AdversaryIT {
    private static final int SECONDS = Integer.getInteger("adversary.seconds", 10);
    private static final int PINGS_PER_SECOND = 20;
    private static final Ipv4Address SERVER = Ipv4Address.parse("198.51.100.1");
    private static final Ipv4Address ALICE = Ipv4Address.parse("198.51.100.7");
    private static final Ipv4Address BOB = Ipv4Address.parse("198.51.100.8");
    private static final String WEB = "203.0.113.2";
    private static final int WEB_PORT = 8080;
    private static final String SERVER_YAML = """
            localIP: 192.168.10.1
            pools: [192.168.10.100-200]
            drainTimeout: 0s
            """;
    private static final String USERS = """
            users:
            - {username: alice, password: secret-a}
            - {username: bob, password: secret-b}
            - {username: mallory, password: secret-m}
            """;
    /** What the server may hold beyond what it held: pending connections, and what its heap grows by. */
    private static final long MORE_DESCRIPTORS = 512 + 64;
    private static final long MORE_BYTES = 256L << 20;

    @TempDir
    private Path directory;
    private final List<NetworkNamespace> hosts = new ArrayList<>();
    private final List<TunnelUser> users = new ArrayList<>();
    private final List<Process> captures = new ArrayList<>();
    private NetworkNamespace wires;
    private NetworkNamespace serverHost;
    private ServerSocket web;
    private ServerProcess server;
    private Attacks attacks;

    @BeforeEach
    void start() throws IOException {
        Requirement.root();
        Requirement.programs("ip", "curl", "ping", "tcpdump", "nft");
        wires = host();
        wires.command("ip", "link", "add", "access", "type", "bridge");
        wires.command("ip", "link", "set", "access", "up");
        serverHost = plugged("server", SERVER);
        NetworkNamespace inside = host();
        serverHost.command("ip", "link", "add", "uplink", "type", "veth", "peer", "name", "cable", "netns",
                inside.id());
        serverHost.command("ip", "addr", "add", "203.0.113.1/24", "dev", "uplink");
        serverHost.command("ip", "link", "set", "uplink", "up");
        serverHost.command("ip", "route", "add", "default", "via", WEB);
        inside.command("ip", "addr", "add", WEB + "/24", "dev", "cable");
        inside.command("ip", "link", "set", "cable", "up");
        web = inside.call(() -> new ServerSocket(WEB_PORT));
        Thread.ofPlatform().daemon().name("web").start(this::serveWeb);
        attacks = attacker();
        server = ServerProcess.start(serverHost, directory, SERVER_YAML, USERS);
        capture("access", "cable", "ip proto 47 and src host " + SERVER);
        capture("forbidden", "uplink", "arp host " + Attacks.FORBIDDEN + " or host " + Attacks.FORBIDDEN);
        users.add(
                TunnelUser.connect("alice", "secret-a", plugged("alice", ALICE), SERVER, "203.0.113.0/24", directory));
        users.add(TunnelUser.connect("bob", "secret-b", plugged("bob", BOB), SERVER, "203.0.113.0/24", directory));
        users.forEach(user -> user.download(new InetSocketAddress(WEB, WEB_PORT)));
    }

    private NetworkNamespace host() {
        var host = new NetworkNamespace();
        hosts.add(host);
        return host;
    }

    private NetworkNamespace plugged(String port, Ipv4Address address) {
        NetworkNamespace host = host();
        wires.command("ip", "link", "add", port, "master", "access", "up", "type", "veth", "peer", "name", "cable",
                "netns", host.id());
        host.command("ip", "addr", "add", address + "/24", "dev", "cable");
        host.command("ip", "link", "set", "cable", "up");
        return host;
    }

    /**
     * A host with some addresses of its own, that can also send from those of the users, but does not answer for them.
     */
    private Attacks attacker() {
        List<Ipv4Address> own = IntStream.range(66, 82).mapToObj(it -> Ipv4Address.parse("198.51.100." + it)).toList();
        NetworkNamespace host = plugged("attacker", own.getFirst());
        own.stream().skip(1).forEach(it -> host.command("ip", "addr", "add", it + "/24", "dev", "cable"));
        host.command("sh", "-c", "echo 8 > /proc/sys/net/ipv4/conf/lo/arp_ignore;"
                + " echo 1 > /proc/sys/net/ipv4/conf/cable/arp_ignore");
        for (Ipv4Address victim : List.of(ALICE, BOB)) {
            host.command("ip", "addr", "add", victim + "/32", "dev", "lo");
        }
        return new Attacks(host, SERVER, own, List.of(ALICE, BOB), 20_261_130);
    }

    /** Some 400 KB a second to everybody who comes. */
    private void serveWeb() {
        try {
            while (true) {
                Socket client = web.accept();
                Thread.ofPlatform().daemon().name("download").start(() -> feed(client));
            }
        } catch (IOException e) {
            assertThat(web.isClosed()).as("who stopped the web server: we did").isTrue();
        }
    }

    private void feed(Socket client) {
        byte[] chunk = new byte[8 << 10];
        try (client; OutputStream out = client.getOutputStream()) {
            while (!web.isClosed()) {
                out.write(chunk);
                LockSupport.parkNanos(20_000_000);
            }
        } catch (IOException e) {
            // TunnelUser says that its download broke.
        }
    }

    private void capture(String name, String device, String filter) {
        captures.add(serverHost
                .call(() -> new ProcessBuilder("tcpdump", "-Z", "root", "-U", "-n", "-s", "96", "-B", "16384", "-i",
                        device, "-w", directory.resolve(name + ".pcap").toString(), filter).redirectErrorStream(true)
                        .redirectOutput(directory.resolve(name + ".log").toFile())
                        .start()));
        Await.until("the capture runs", Await.PATIENCE,
                () -> text(directory.resolve(name + ".log")).contains("listening on"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (TunnelUser user : users) {
            user.close();
        }
        captures.forEach(Process::destroy);
        if (web != null) {
            web.close();
        }
        if (server != null) {
            server.close();
        }
        hosts.reversed().forEach(NetworkNamespace::close);
    }

    // One phase.

    /** What an attack is, until it is told to stop. */
    private interface Attack {
        void run(BooleanSupplier stop);
    }

    /** Has both users ping and download meanwhile; returns how many pings were lost. */
    private int phase(String name, Attack attack, int mostLost) throws Exception {
        Map<String, String> sessions = sessions();
        assertThat(sessions).containsKeys("alice", "bob");
        List<Long> before = users.stream().map(TunnelUser::downloaded).toList();
        long descriptors = server.descriptors();
        var stop = new AtomicBoolean();
        Thread attacker = Thread.ofPlatform().daemon().name(name).start(() -> attack.run(stop::get));
        int lost = 0;
        int unhealthy = 0;
        long mostDescriptors = descriptors;
        try {
            List<Process> pings = users.stream().map(it -> it.ping(WEB, SECONDS * PINGS_PER_SECOND)).toList();
            while (pings.stream().anyMatch(Process::isAlive)) {
                unhealthy += server.isHealthy() ? 0 : 1;
                mostDescriptors = Math.max(mostDescriptors, server.descriptors());
                LockSupport.parkNanos(500_000_000);
            }
            for (int i = 0; i < pings.size(); i++) {
                lost += users.get(i).result(pings.get(i)).lost();
            }
        } finally {
            stop.set(true);
            attacker.join();
        }
        System.out.println(name + ": of " + users.size() * SECONDS * PINGS_PER_SECOND + " pings " + lost + " lost, "
                + mostDescriptors + " descriptors at most, " + (server.residentBytes() >> 20) + " MB; "
                + attacks.done());
        assertThat(unhealthy).as("probes that failed during %s", name).isZero();
        assertThat(sessions()).as("sessions after %s", name)
                .containsAllEntriesOf(Map.of("alice", sessions.get("alice"), "bob", sessions.get("bob")));
        for (int i = 0; i < users.size(); i++) {
            assertThat(users.get(i).downloaded()).as("download during %s", name)
                    .isGreaterThan(before.get(i) + SECONDS * 10_000L);
        }
        assertThat(lost).as("pings lost during %s", name).isLessThanOrEqualTo(mostLost);
        assertThat(mostDescriptors).as("descriptors during %s", name)
                .isLessThanOrEqualTo(descriptors + MORE_DESCRIPTORS);
        return lost;
    }

    private Map<String, String> sessions() throws IOException {
        var found = new TreeMap<String, String>();
        for (JsonNode session : new ObjectMapper().readTree(server.sessions())) {
            found.put(session.path("user").asText(), session.path("id").asText());
        }
        return found;
    }

    @Test
    void nobodyNoticesTheAdversary() throws Exception {
        int lostAtRest = phase("at rest", stop -> {}, Integer.MAX_VALUE);
        long descriptors = server.descriptors();
        long memory = server.residentBytes();
        phase("mutated control messages of strangers", attacks::mutatedControlMessages, lostAtRest);
        phase("mutated frames of a logged-in peer", stop -> attacks.mutatedPeer(stop, "mallory", "secret-m"),
                lostAtRest);
        phase("storms of a logged-in peer", stop -> attacks.storm(stop, "mallory", "secret-m"), lostAtRest);
        phase("connection flood", attacks::connectionFlood, lostAtRest);
        phase("slow connections", attacks::slowConnections, lostAtRest);
        phase("spoofed GRE", attacks::spoofedGre, lostAtRest);

        server.metrics()
                .lines()
                .filter(line -> line.matches(
                        "pptp_(packets_dropped|control_messages_dropped|limit_refused|log_lines)" + ".* (?!0\\.0).*"))
                .forEach(System.out::println);
        assertThat(attacks.done()).allSatisfy((what, count) -> assertThat(count.get()).as(what).isPositive());
        assertThat(metric("pptp_packets_dropped_total{cause=\"control-over-budget\"")).isPositive();
        assertThat(metric("pptp_control_messages_dropped_total")).isPositive();
        Await.until("the descriptors of the attacker's connections are gone", Await.PATIENCE,
                () -> server.descriptors() <= descriptors + 1);
        assertThat(server.residentBytes()).isLessThanOrEqualTo(memory + MORE_BYTES);
        stopCaptures();
        assertNothingWasInClear();
        assertThat(Files.size(directory.resolve("forbidden.pcap"))).as("what came where nothing may").isEqualTo(24);
    }

    private double metric(String name) {
        return server.metrics()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private void stopCaptures() throws InterruptedException {
        for (Process capture : captures) {
            capture.destroy();
            capture.waitFor();
        }
    }

    /** Every packet that the server sent to a user is a control frame or encrypted. */
    private void assertNothingWasInClear() throws IOException {
        ByteBuffer capture = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("access.pcap")))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(capture.getInt(0)).as("a capture file").isEqualTo(0xa1b2c3d4);
        int encrypted = 0;
        int clear = 0;
        for (int at = 24; at + 16 <= capture.limit(); at += 16 + capture.getInt(at + 8)) {
            switch (protocol(capture, at + 16 + 14)) {
                case ScriptedPeer.COMPRESSED -> encrypted++;
                case 0x0021 -> clear++;
                default -> {
                }
            }
        }
        System.out.println(encrypted + " encrypted packets of the server, " + clear + " in clear");
        assertThat(encrypted).isGreaterThan(SECONDS * PINGS_PER_SECOND);
        assertThat(clear).isZero();
    }

    /** The PPP protocol that a GRE packet carries, or 0 for an acknowledgment alone. */
    private static int protocol(ByteBuffer capture, int ip) {
        int gre = ip + (capture.get(ip) & 15) * 4;
        int flags = capture.get(gre) << 8 & 0xff00 | capture.get(gre + 1) & 0xff;
        if ((flags & 0x1000) == 0) {
            return 0;
        }
        int frame = gre + 12 + ((flags & 0x80) != 0 ? 4 : 0);
        if ((capture.get(frame) & 0xff) == 0xff) {
            frame += 2;
        }
        int first = capture.get(frame) & 0xff;
        return (first & 1) != 0 ? first : first << 8 | capture.get(frame + 1) & 0xff;
    }
}
