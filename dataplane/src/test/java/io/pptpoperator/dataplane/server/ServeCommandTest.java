package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServeCommandTest {

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    ServeCommandTest() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(standardError);
    }

    private int serve(String... more) {
        var command = new CommandLine(new ServeCommand());
        var arguments = new String[more.length + 2];
        arguments[0] = "--config";
        arguments[1] = directory.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return command.execute(arguments);
    }

    @Test
    void aMissingFileIsAMistake() {
        assertThat(serve()).isEqualTo(1);
        assertThat(written.toString(StandardCharsets.UTF_8)).contains("server.yaml: there is no such file");
    }

    @Test
    void orIsWaitedFor() throws IOException {
        var status = CompletableFuture.supplyAsync(() -> serve("--wait-for-files"));
        Await.until("it says what for", Await.PATIENCE, () -> written.toString(StandardCharsets.UTF_8)
                .contains("waiting for " + directory.resolve("server.yaml")));
        assertThat(status).isNotDone();

        Files.writeString(directory.resolve("users.yaml"), "users: []\n");
        Files.move(Files.writeString(directory.resolve("new"), "nonsense: true\n"), directory.resolve("server.yaml"),
                StandardCopyOption.ATOMIC_MOVE);

        assertThat(status.join()).isEqualTo(1);
        assertThat(written.toString(StandardCharsets.UTF_8)).contains("nonsense").doesNotContain("no such file");
    }
}
