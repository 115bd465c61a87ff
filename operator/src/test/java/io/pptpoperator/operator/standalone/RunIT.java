package io.pptpoperator.operator.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code run} with the example folder, in a network namespace of its own. */
class RunIT {

    private static final Path EXAMPLE = Path.of("../deploy/examples/one-machine");
    private static final List<String> TOOLS = List.of("unshare", "mount", "nsenter", "ip", "curl", "mkfifo");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** An uplink with a default route, as every machine has one, and a /run of its own. */
    private static final String MACHINE = "mount --bind \"$OWN_RUN\" /run && ip link set lo up && ip link add uplink type veth peer name far && ip link set far up && "
            + "ip address add 192.0.2.1/24 dev uplink && ip link set uplink up && "
            + "ip route add default via 192.0.2.254 && exec \"$@\"";

    private static final String FAR_END = "nsenter --net=\"$SERVER\" ip link set far netns $$ && ip link set lo up && "
            + "ip address add 192.0.2.254/24 dev far && ip link set far up && exec \"$@\"";

    @TempDir
    private Path folder;
    @TempDir
    private Path ownRun;
    private Path log;
    private Process process;
    private Process predecessor;
    private Process client;

    @BeforeEach
    void copyExample() throws IOException {
        require("root".equals(System.getProperty("user.name")), "this test needs root");
        for (String tool : TOOLS) {
            require(Stream.of(System.getenv("PATH").split(":")).anyMatch(it -> Files.isExecutable(Path.of(it, tool))),
                    "this test needs " + tool);
        }
        log = Files.createTempFile("run", ".log");
        for (String file : List.of("server.yaml", "users.yaml")) {
            Files.copy(EXAMPLE.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void require(boolean given, String reason) {
        if (!given && "true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        Assumptions.assumeTrue(given, reason);
    }

    @AfterEach
    void stop() throws IOException {
        Stream.of(process, predecessor, client).filter(Objects::nonNull).forEach(Process::destroyForcibly);
        Files.deleteIfExists(log);
    }

    @Test
    void theExampleIsServedAndEditsApplyLive() throws IOException, InterruptedException {
        run(folder.toString());
        awaitLog("Serving PPTP");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(readyz()).startsWith("200"));

        Path passwords = folder.resolve("generated-passwords.yaml");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords))).isEqualTo("rw-------");
        assertThat(log()).contains("a password was generated for bob", passwords.toString(), "users=2");
        assertThat(log()).doesNotContain(generated(passwords));
        Path directory = configurationDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");

        Path users = folder.resolve("users.yaml");
        Files.writeString(users, Files.readString(users) + """
                ---
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUser
                metadata:
                  name: carol
                """);
        awaitLog("users=3");

        Files.writeString(users, Files.readString(users).replace("kind: VpnUser", "kind: VpnLooser"));
        awaitLog("'pptp-operator.io/v1alpha1 VpnLooser' is not known");
        assertThat(log()).contains("users.yaml:3 (document 1): kind: ", "the configuration in force stays");
        assertThat(readyz()).startsWith("200");

        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(directory).doesNotExist();
    }

    @Test
    void theManifestsForTryingOutServeAUserMadeUpForTheRun() throws IOException {
        for (String file : List.of("server.yaml", "users.yaml")) {
            Files.copy(Path.of("../deploy/local").resolve(file), folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }

        run("--test-user", folder.toString());

        awaitLog("Serving PPTP. Clients reach this machine at: 192.0.2.1");
        for (String line : List.of("User      test", "rasdial pptp-test test", "allow=mschap2")) {
            awaitLog(line);
        }
        assertThat(log()).doesNotContain("nobody can log in");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(readyz()).startsWith("200"));
    }

    @Test
    void itServesOnAndEndsInTimeThoughNobodyReadsItsLog() throws IOException, InterruptedException {
        Path fifo = folder.resolve("unread");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        Files.delete(log);
        Files.createSymbolicLink(log, fifo);
        // Both ends: a pipe with a writer that writes nothing never ends.
        try (var pipe = new RandomAccessFile(fifo.toFile(), "rw")) {
            run(folder.toString());
            for (String line = pipe.readLine(); !line.contains("Serving PPTP"); line = pipe.readLine()) {
                assertThat(process.isAlive()).as(line).isTrue();
            }
            Path directory = configurationDirectory();
            fill(fifo);

            Files.writeString(folder.resolve("users.yaml"), "kind: VpnLooser");
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(readyz()).startsWith("200"));
            process.destroy();

            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(directory).doesNotExist();
        }
    }

    /** To the brim, with a process that does not wait for a reader. */
    private static void fill(Path pipe) throws IOException, InterruptedException {
        Process filling = new ProcessBuilder("dd", "if=/dev/zero", "of=" + pipe, "bs=1", "count=1048576",
                "oflag=nonblock").redirectErrorStream(true).start();
        String said = new String(filling.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(filling.waitFor()).as(said).isNotZero();
        assertThat(said).contains("temporarily unavailable");
    }

    @Test
    void startedAgainItTakesTheSessionsOverWithASettingThatNeedsANewProcess() throws IOException, InterruptedException {
        run(folder.toString());
        awaitLog("Serving PPTP");
        Path summary = folder.resolve("summary");
        Path users = Files.writeString(folder.resolve("load"), "alice change me, everybody knows me\n");
        client = dial(summary, "load", "192.0.2.1", "--users", users.toString(), "--clients", "1", "--ping",
                "--packets", "5", "--duration", "10m", "--json");
        awaitLog("Connected");
        Path server = folder.resolve("server.yaml");
        Files.writeString(server, Files.readString(server) + "  adminPort: 9733\n");
        awaitLog("until the server is restarted");

        predecessor = process;
        process = start("nsenter",
                List.of("--net=/proc/" + predecessor.pid() + "/ns/net",
                        "--mount=/proc/" + predecessor.pid() + "/ns/mnt"),
                Files.createTempFile(folder, "again", ".log"), "run", folder.toString());

        assertThat(predecessor.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(predecessor.exitValue()).isZero();
        assertThat(log()).contains("Sessions handed over");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(admin(9733, "/sessions")).contains("alice"));
        try (Stream<Path> run = Files.list(ownRun)) {
            assertThat(run.filter(it -> it.getFileName().toString().startsWith("pptp-operator-")))
                    .as("the first one's files are gone")
                    .hasSize(1);
        }
        client.destroy();
        assertThat(client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        JsonNode told = new ObjectMapper().readTree(Files.readString(summary));
        assertThat(told.get("logins").longValue()).as(told.toString()).isEqualTo(1);
    }

    @Test
    void startedAgainWithoutTakingOverItFailsAndTheFirstOneServesOn() throws IOException, InterruptedException {
        run(folder.toString());
        awaitLog("Serving PPTP");
        predecessor = process;
        Path again = Files.createTempFile(folder, "again", ".log");

        process = start("nsenter",
                List.of("--net=/proc/" + predecessor.pid() + "/ns/net",
                        "--mount=/proc/" + predecessor.pid() + "/ns/mnt"),
                again, "run", "--no-take-over", folder.toString());

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(again)).isEqualTo(1);
        process = predecessor;
        assertThat(readyz()).startsWith("200");
    }

    @Test
    void whatCannotBeServedIsSaidAndNothingStarts() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("server.yaml"),
                Files.readString(folder.resolve("server.yaml")).replace("192.168.77.1\n", "192.168.77\n"));

        run(folder.toString());

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(log()).contains("server.yaml:8 (document 1): spec.localIP: ");
    }

    private void run(String... arguments) throws IOException {
        process = start("unshare", List.of("--net", "--mount", "sh", "-c", MACHINE, "sh"), log,
                Stream.concat(Stream.of("run"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Process start(String where, List<String> options, Path output, String... arguments) throws IOException {
        var builder = new ProcessBuilder(Stream
                .of(Stream.of(where), options.stream(), java("io.pptpoperator.operator.Main"), Stream.of(arguments))
                .flatMap(it -> it)
                .toList()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("OWN_RUN", ownRun.toString());
        return builder.start();
    }

    private static Stream<String> java(String main) {
        return Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main);
    }

    /** A client, in a network namespace of its own, to which the other end of the uplink leads. */
    private Process dial(Path output, String... arguments) throws IOException {
        var builder = new ProcessBuilder(Stream.of(Stream.of("unshare", "--net", "sh", "-c", FAR_END, "sh"),
                java("io.pptpoperator.dataplane.Main"), Stream.of(arguments)).flatMap(it -> it).toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output.toFile());
        builder.environment().put("SERVER", "/proc/" + process.pid() + "/ns/net");
        return builder.start();
    }

    private void awaitLog(String text) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(log()).contains(text));
    }

    private String log() throws IOException {
        return Files.readString(log);
    }

    /** The status, asked from inside the namespace: the administration port is open on loopback only. */
    private String readyz() throws IOException {
        return admin(9723, "/readyz", "-o", "/dev/null", "-w", "%{http_code}");
    }

    private String admin(int port, String path, String... options) throws IOException {
        Process curl = new ProcessBuilder(Stream.concat(Stream.of("nsenter", "--net=/proc/" + process.pid() + "/ns/net",
                "curl", "-s", "http://127.0.0.1:" + port + path), Stream.of(options)).toList()).start();
        return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String generated(Path passwords) throws IOException {
        return Files.readString(passwords)
                .lines()
                .filter(line -> line.startsWith("  password: "))
                .findFirst()
                .orElseThrow()
                .substring("  password: ".length())
                .replace("\"", "");
    }

    /**
     * Where the process keeps the data plane's files: it holds none of them open, but has said so to the data plane.
     */
    private Path configurationDirectory() throws IOException {
        try (Stream<Path> run = Files.list(ownRun)) {
            return run.filter(it -> it.getFileName().toString().startsWith("pptp-operator-")).findFirst().orElseThrow();
        }
    }
}
