package io.pptpoperator.dataplane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Where a client's password comes from. */
class LoginOptionsTest {

    @Command(name = "client")
    private static final class Client {
        @Mixin
        private LoginOptions login;
    }

    @TempDir
    private Path directory;

    private String passwordOf(byte[] contents) throws IOException {
        Path file = Files.write(directory.resolve("password"), contents);
        Client client = new Client();
        new CommandLine(client).setCaseInsensitiveEnumValuesAllowed(true).parseArgs("--password-file", file.toString());
        return client.login.password("alice").value();
    }

    @Test
    void theFirstLineOfTheFileIsThePassword() throws IOException {
        assertThat(passwordOf("gr\u00fcn\nnot this\n".getBytes(StandardCharsets.UTF_8))).isEqualTo("gr\u00fcn");
    }

    @Test
    void aFileThatIsNoUtf8IsNamedWithWhatWouldBeRight() {
        assertThatThrownBy(() -> passwordOf(new byte[]{'g', 'r', (byte) 0xfc, 'n', '\n'}))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--password-file")
                .hasMessageContaining("password")
                .hasMessageContaining("UTF-8");
    }
}
