package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose standard error is a pipe that nobody reads any more. */
class UnreadLogIT {
    private static final Ipv4Address SERVER = Ipv4Address.parse("198.51.100.1");
    private static final String SERVER_YAML = """
            localIP: 192.168.10.1
            pools: [192.168.10.100-200]
            drainTimeout: 0s
            """;
    private static final int MOST_PIPE_BYTES = 1 << 20;
    private static final String BASE = "http://127.0.0.1:9723/";

    @TempDir
    private Path directory;
    private NetworkNamespace serverHost;
    private NetworkNamespace clientHost;
    private FileChannel pipe;
    private Process server;

    @BeforeEach
    void startServer() throws IOException, InterruptedException {
        Requirement.root();
        Requirement.programs("ip", "curl", "mkfifo");
        serverHost = new NetworkNamespace();
        clientHost = new NetworkNamespace();
        serverHost.command("ip", "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                clientHost.id());
        serverHost.command("ip", "addr", "add", SERVER + "/24", "dev", "cable");
        clientHost.command("ip", "addr", "add", "198.51.100.7/24", "dev", "cable");
        serverHost.command("ip", "link", "set", "cable", "up");
        clientHost.command("ip", "link", "set", "cable", "up");
        serverHost.command("ip", "route", "add", "default", "via", "198.51.100.7");
        Path config = Files.createDirectories(directory.resolve("config"));
        Files.writeString(config.resolve("server.yaml"), SERVER_YAML);
        Files.writeString(config.resolve("users.yaml"), "users: [{username: alice, password: secret-a}]\n");
        Path fifo = directory.resolve("stderr");
        NetworkNamespace.output("mkfifo", fifo.toString());
        // Both ends: a pipe with a writer that writes nothing never ends.
        pipe = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        List<String> command = new ArrayList<>(ServerProcess.launcher());
        command.addAll(List.of("serve", "--config", config.toString()));
        server = serverHost.call(() -> new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(fifo.toFile())
                .start());
        awaitLine("Serving PPTP");
    }

    @AfterEach
    void stopServer() throws IOException {
        if (server != null) {
            server.destroyForcibly();
        }
        if (pipe != null) {
            pipe.close();
        }
        if (serverHost != null) {
            serverHost.close();
            clientHost.close();
        }
    }

    private void awaitLine(String text) throws IOException {
        var line = new StringBuilder();
        while (true) {
            ByteBuffer one = ByteBuffer.allocate(1);
            pipe.read(one);
            char c = (char) one.get(0);
            if (c != '\n') {
                line.append(c);
            } else if (line.indexOf(text) >= 0) {
                return;
            } else {
                line.setLength(0);
            }
        }
    }

    /** Fills the pipe to the brim with a process that does not wait for a reader. */
    private void fillPipe() throws IOException, InterruptedException {
        Process filling = new ProcessBuilder("dd", "if=/dev/zero", "of=" + directory.resolve("stderr"), "bs=1",
                "count=" + MOST_PIPE_BYTES, "oflag=nonblock").redirectErrorStream(true).start();
        String said = new String(filling.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(filling.waitFor()).as(said).isNotZero();
        assertThat(said).contains("temporarily unavailable");
    }

    private String status(String path) {
        return serverHost
                .command("curl", "-sS", "--noproxy", "*", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}",
                        BASE + path)
                .strip();
    }

    private void logInAndOut() {
        WindowsPeer windows = new WindowsPeer("alice", "secret-a");
        try (RealLine line = RealLine.connect(clientHost, SERVER, windows)) {
            line.awaitPeer("the client is connected", windows::isUp);
            line.ask(() -> {
                windows.hangUp();
                return true;
            });
            line.awaitPeer("the connection is closed", () -> windows.hungUp);
        }
    }

    @Test
    void servesOnAndSaysLaterWhatHappened() throws IOException, InterruptedException {
        fillPipe();
        for (int i = 0; i < 3; i++) {
            logInAndOut();
            assertThat(status("healthz")).isEqualTo("200");
            assertThat(status("readyz")).isEqualTo("200");
        }
        for (int i = 0; i < 3; i++) {
            awaitLine("Disconnected");
        }
        server.destroy();
        awaitLine("Stopped");
        assertThat(server.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsInTime() throws IOException, InterruptedException {
        WindowsPeer windows = new WindowsPeer("alice", "secret-a");
        try (RealLine line = RealLine.connect(clientHost, SERVER, windows)) {
            line.awaitPeer("the client is connected", windows::isUp);
            fillPipe();
            server.destroy();
            line.awaitPeer("the client is told", () -> windows.hungUp);
        }
        assertThat(server.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(serverHost.command("ip", "link")).doesNotContain("pptpd0");
    }
}
