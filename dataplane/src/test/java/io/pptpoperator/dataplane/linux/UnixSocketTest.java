package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages and descriptors go from one process to another, here the same one. */
class UnixSocketTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private record Pair(UnixSocket here, UnixSocket there) implements AutoCloseable {
        @Override
        public void close() {
            here.close();
            there.close();
        }
    }

    private Pair pair() {
        Path path = directory.resolve("socket");
        try (UnixSocket listening = UnixSocket.listen(path)) {
            CompletableFuture<UnixSocket> accepted = CompletableFuture.supplyAsync(listening::accept);
            Pair pair = new Pair(UnixSocket.connect(path), accepted.join());
            pair.here().patience(SOON);
            pair.there().patience(SOON);
            return pair;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void messagesKeepTheirBoundsAndDescriptorsComeWithTheirMessage() throws IOException {
        try (Pair pair = pair(); EventFd first = new EventFd(); EventFd second = new EventFd()) {
            pair.here().send(bytes("one"), List.of());
            pair.here().send(bytes("two"), List.of(first.fd(), second.fd()));
            pair.here().send(new byte[300_000], List.of());
            assertThat(pair.there().receive()).satisfies(message -> {
                assertThat(message.bytes()).isEqualTo(bytes("one"));
                assertThat(message.descriptors()).isEmpty();
            });
            UnixSocket.Message two = pair.there().receive();
            assertThat(two.bytes()).isEqualTo(bytes("two"));
            assertThat(two.descriptors()).hasSize(2).doesNotContain(first.fd(), second.fd());
            for (int descriptor : two.descriptors()) {
                assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString())
                        .contains("eventfd");
                UnixSocket.closeDescriptor(descriptor);
            }
            assertThat(pair.there().receive().bytes()).hasSize(300_000);
        }
    }

    @Test
    void theKernelSaysWhoIsThere() {
        try (Pair pair = pair()) {
            UnixSocket.Peer self = new UnixSocket.Peer((int) ProcessHandle.current().pid(), UnixSocket.ownUser());
            assertThat(pair.here().peer()).isEqualTo(self);
            assertThat(pair.there().peer()).isEqualTo(self);
        }
    }

    @Test
    void anEndThatIsGoneOrSaysNothingIsNoticed() {
        try (Pair pair = pair()) {
            pair.here().patience(Duration.ofMillis(50));
            assertThatThrownBy(pair.here()::receive).isInstanceOf(LinuxException.class).hasMessageContaining("nothing");
            pair.there().close();
            assertThatThrownBy(pair.here()::receive).isInstanceOf(LinuxException.class).hasMessageContaining("gone");
            assertThatThrownBy(() -> pair.here().send(bytes("too late"), List.of())).isInstanceOf(LinuxException.class);
        }
    }

    @Test
    void whatIsTooMuchIsRefused() {
        try (Pair pair = pair()) {
            assertThatThrownBy(() -> pair.here().send(new byte[UnixSocket.LONGEST + 1], List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            List<Integer> many = Collections.nCopies(UnixSocket.MOST_DESCRIPTORS + 1, 0);
            assertThatThrownBy(() -> pair.here().send(bytes("x"), many)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whoWaitsForSomebodyIsInterrupted() {
        try (UnixSocket listening = UnixSocket.listen(directory.resolve("socket"))) {
            CompletableFuture<UnixSocket> accepted = CompletableFuture.supplyAsync(listening::accept);
            listening.interrupt();
            assertThatThrownBy(accepted::join).hasCauseInstanceOf(LinuxException.class);
        }
    }
}
