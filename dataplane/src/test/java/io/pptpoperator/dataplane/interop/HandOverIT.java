package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static io.pptpoperator.dataplane.interop.Configuration.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import io.pptpoperator.dataplane.handover.RecordReader;
import io.pptpoperator.dataplane.handover.RecordWriter;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PacketCapture;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.UnixSocket;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A server is replaced while its clients work, and they do not notice. */
@InteropLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HandOverIT {
    /** How often the server is replaced. */
    private static final int TIMES = Integer.getInteger("handover.times", 3);
    /** Simulated clients beside the real ones. */
    private static final int CROWD = Integer.getInteger("handover.clients", 50);
    /** Packets that are captured and decrypted at most. */
    private static final int MOST_CAPTURED = 20_000_000;
    /** A busy machine's processes start slowly; what is measured on a quiet one stands in docs/upgrade.md. */
    private static final double LONGEST_SILENCE_MILLIS = Integer.getInteger("handover.silence", 15_000);
    private static final String TOO_MANY = "reason=too-many-failures";
    private static final Pattern STOOD_STILL = Pattern.compile("stoodStillMillis=(\\d+)");

    private static final String SERVER = Configuration.SERVER.replace("192.168.10.100-200", "10.64.1.0-10.64.8.255")
            + """
                    limits: {connectionsPerSource: 2000, connectionsPerSecond: 1000}
                    drainTimeout: 0s
                    """;
    private static final String USERS = Configuration.USERS + IntStream.range(0, CROWD)
            .mapToObj("  - {username: load%04d, password: secret}\n"::formatted)
            .collect(Collectors.joining());

    private final Lab lab;
    private final RunningServer server;

    HandOverIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("hand-over", SERVER, USERS);
    }

    @AfterAll
    void stop() {
        server.close();
        assertThat(lab.serverHost().run("ip", "link", "show", "pptpd0").succeeded()).isFalse();
        assertThat(lab.serverHost().must("nft", "list", "ruleset")).isEmpty();
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a server that is replaced while clients ping and download",
            result = "not noticed: no login repeated, no packet reset, the download unharmed")
    @Test
    @Order(1)
    void aServerIsReplacedAndItsClientsDoNotNotice() throws JsonProcessingException {
        Path directory = lab.directory().resolve("hand-over");
        Path everything = directory.resolve("everything.pcap");
        try (var all = PacketCapture.start(lab.serverHost(), "access0", everything,
                "host " + Lab.SERVER + " and (tcp port 1723 or proto gre)", MOST_CAPTURED);
                var alice = PppClient.connect(lab.laptop(), ALICE);
                var bob = PppClient.connect(lab.desktop(), BOB);
                var crowd = ClientProgram.start(lab, lab.crowd(), "secret", "load", Lab.SERVER, "--users", "load%04d",
                        "--json", "--clients", Integer.toString(CROWD), "--rate", "50", "--duration",
                        20 + CROWD / 50 + 10 * TIMES + "s", "--ping", "--packets", "2")) {
            Await.until("all are connected", Await.PATIENCE, () -> server.sessions().size() == CROWD + 2);
            List<String> before = ids();
            JsonNode first = sessionOf("alice");
            try (var control = PacketCapture.start(lab.serverHost(), "access0", directory.resolve("control.pcap"),
                    "tcp port 1723", MOST_CAPTURED)) {
                var download = CompletableFuture.supplyAsync(() -> lab.laptop()
                        .run("curl -sS http://" + Lab.WEB + lab.mediumFile().path() + " | sha256sum",
                                Duration.ofMinutes(8)));
                for (int i = 0; i < TIMES; i++) {
                    server.takeOver();
                    assertThat(stoodStill()).isLessThan(LONGEST_SILENCE_MILLIS);
                    assertThat(lab.desktop().pings(Lab.WEB)).isEqualTo(5);
                }
                assertThat(download.join().output()).startsWith(lab.mediumFile().sha256());
                assertThat(ids()).isEqualTo(before);
                assertThat(sessionOf("alice").get("since")).isEqualTo(first.get("since"));
                assertThat(sessionOf("alice").get("bytesOut").longValue()).as("counted on").isGreaterThan(20_000_000L);
                assertThat(control.packets("tcp.flags.reset == 1 or pptp.control_message_type == 1")).isEmpty();
                all.end();
                Eavesdropper ear = Eavesdropper.on(everything, Lab.SERVER, passwords("secret-b"));
                assertThat(ear.calls()).isEqualTo(CROWD + 2);
                assertThat(ear.packetsTo("alice")).as("the download").isGreaterThan(14_000);
                assertThatThrownBy(() -> Eavesdropper.on(everything, Lab.SERVER, passwords("secret-c")))
                        .as("with a wrong password of bob's")
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("of bob");
            }
            for (PppClient client : List.of(alice, bob)) {
                assertThat(client.isRunning()).isTrue();
                assertThat(client.output().count("CHAP authentication succeeded")).isEqualTo(1);
            }
            assertThat(server.metrics()).as("counted by all of the servers")
                    .containsPattern("pptp_logins_total\\{[^}]*result=\"success\"[^}]*} " + (CROWD + 2) + "\\.0");
            assertThat(crowd.awaitExit(Await.PATIENCE)).as(crowd.output()::text).isZero();
            JsonNode summary = new ObjectMapper().readTree(crowd.output().text());
            assertThat(summary.get("logins").longValue()).isEqualTo(CROWD);
            assertThat(summary.get("roundTrip").get("max").doubleValue()).isLessThan(LONGEST_SILENCE_MILLIS);
        }
    }

    private static Map<String, String> passwords(String bobs) {
        Map<String, String> passwords = new HashMap<>(Map.of("alice", "secret-a", "bob", bobs));
        IntStream.range(0, CROWD).forEach(i -> passwords.put("load%04d".formatted(i), "secret"));
        return passwords;
    }

    private double stoodStill() {
        var still = STOOD_STILL.matcher(server.log().await("Sessions taken over", Await.PATIENCE));
        assertThat(still.find()).isTrue();
        return Double.parseDouble(still.group(1));
    }

    private List<String> ids() {
        return List.copyOf(new TreeSet<>(
                server.sessions().stream().map(it -> it.get("user").asText() + " " + it.get("id").asText()).toList()));
    }

    private JsonNode sessionOf(String user) {
        return server.sessions().stream().filter(it -> it.get("user").asText().equals(user)).findFirst().orElseThrow();
    }

    @Test
    @Order(2)
    void aSuccessorThatIsRefusedOrDiesLeavesEverythingAsItWas() {
        try (var alice = PppClient.connect(lab.laptop(), ALICE)) {
            assertThat(server.takeOverInVain(SERVER.replace(Configuration.TUNNEL, "192.168.11.1")))
                    .contains("sessions are not taken over", "localIP");
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);

            String namespace = lab.serverHost().must("readlink", "/proc/self/ns/net").replaceAll("[^0-9]", "");
            Path place = Path.of("/run/pptp-operator/hand-over-" + namespace + "-pptpd0.sock");
            try (UnixSocket socket = UnixSocket.connect(place)) {
                RecordWriter writer = new RecordWriter();
                RecordReader reader = new RecordReader();
                socket.send(writer.write(new HandOverMessage.Wanted(HandOverMessage.FORMAT, MonotonicClock.millis(),
                        new HandOverMessage.Shape("pptpd0", Ipv4Address.parse(Configuration.TUNNEL), Ipv4Address.ANY,
                                1723, Runtime.getRuntime().availableProcessors(), "TCP_AND_UDP"))),
                        List.of());
                HandOverMessage told;
                do {
                    UnixSocket.Message message = socket.receive();
                    message.descriptors().forEach(UnixSocket::closeDescriptor);
                    told = reader.read(message.bytes(), HandOverMessage.class);
                } while (!(told instanceof HandOverMessage.Complete));
            }
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            server.log().await("not handed over: the other process", Await.PATIENCE);
            assertThat(alice.output().count("CHAP authentication succeeded")).isEqualTo(1);
            server.takeOver();
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(alice.output().count("CHAP authentication succeeded")).isEqualTo(1);
        }
        try (var bob = PppClient.connect(lab.desktop(), BOB)) {
            assertThat(bob.isRunning()).as("the successor lets others in").isTrue();
            assertThat(lab.desktop().pings(Lab.WEB)).isEqualTo(5);
        }
    }

    @Test
    @Order(3)
    void whoGuessesPasswordsHasNoMoreTriesForEachServer() {
        try (var guessing = ClientProgram.start(lab, lab.crowd(), "a guess", "load", Lab.SERVER, "--users", "load%04d",
                "--clients", "1", "--rate", "5", "--duration", "5m")) {
            server.log().await(TOO_MANY, Await.PATIENCE);

            server.takeOver();

            server.log().await(TOO_MANY, Await.PATIENCE);
            assertThat(server.log().count("reason=bad-credentials")).as("of a try a minute").isLessThan(5);
            assertThat(guessing.isRunning()).isTrue();
        }
    }
}
