package io.pptpoperator.dataplane.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.linux.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server and its successor find one another, and nobody else finds them. */
class HandOverPlaceTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private Path parent;

    private HandOverPlace place() {
        return new HandOverPlace(parent.resolve("run").resolve("servers"), "pptpd0");
    }

    @Test
    void theDirectoryIsMadeForItsUserAlone() throws IOException {
        try (UnixSocket listening = place().listen()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place().socket().getParent())))
                    .isEqualTo("rwx------");
            assertThat(listening.peer().user()).isEqualTo(UnixSocket.ownUser());
        }
    }

    @Test
    void aServerAndItsSuccessorTalk() {
        try (UnixSocket listening = place().listen()) {
            CompletableFuture<HandOverLine> server = CompletableFuture
                    .supplyAsync(() -> HandOverPlace.accept(listening, SOON));
            try (HandOverLine successor = place().connect(SOON).orElseThrow()) {
                HandOverLine found = server.join();
                successor.say(new HandOverMessage.Ready());
                assertThat(found.hear(HandOverMessage.Ready.class).descriptors()).isEmpty();
                found.say(new HandOverMessage.Refused("it does not want to"));
                assertThatThrownBy(() -> successor.hear(HandOverMessage.Committed.class))
                        .isInstanceOf(HandOverException.class)
                        .hasMessage("it does not want to");
                found.say(new HandOverMessage.Complete());
                assertThatThrownBy(() -> successor.hear(HandOverMessage.Committed.class))
                        .isInstanceOf(HandOverException.class)
                        .hasMessageContaining("Complete where Committed would be right");
                found.close();
                successor.awaitEnd();
                assertThatThrownBy(() -> successor.hear(HandOverMessage.Committed.class))
                        .isInstanceOf(HandOverException.class);
            }
        }
    }

    @Test
    void nobodyIsThereBeforeAServerListensAndAfterItHasLeft() {
        assertThat(place().connect(SOON)).isEmpty();
        try (UnixSocket listening = place().listen()) {
            place().leave();
            assertThat(listening.fd()).isNotNegative();
            assertThat(place().connect(SOON)).isEmpty();
        }
    }

    @Test
    void theSocketOfAProcessThatWasKilledIsReplacedAndThatOfOneThatRunsIsNot() {
        place().listen().close();
        assertThat(place().socket()).exists();
        assertThat(place().connect(SOON)).isEmpty();
        try (UnixSocket listening = place().listen()) {
            assertThat(listening.fd()).isNotNegative();
            assertThatThrownBy(() -> place().listen()).isInstanceOf(HandOverException.class)
                    .hasMessageContaining("another server listens");
        }
    }

    @Test
    void aDirectoryThatOthersMayEnterIsNotUsed() throws IOException {
        Path directory = Files.createDirectories(place().socket().getParent());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x---"));
        assertThatThrownBy(() -> place().listen()).isInstanceOf(HandOverException.class)
                .hasMessageContaining("rwx------");
    }
}
