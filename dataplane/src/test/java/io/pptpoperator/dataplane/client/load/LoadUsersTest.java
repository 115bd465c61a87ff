package io.pptpoperator.dataplane.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who simulated clients log in as. */
class LoadUsersTest {

    private static final Credentials.Password PASSWORD = new Credentials.Password("secret");

    @Test
    void aPatternStandsForOneUserPerClient() throws IOException {
        LoadUsers users = LoadUsers.of("load%03d", 20, () -> PASSWORD);
        assertThat(users.ofClient(0)).isEqualTo(new LoadUsers.User("load000", PASSWORD));
        assertThat(users.ofClient(19).name()).isEqualTo("load019");
        assertThat(users.users()).hasSize(20);
    }

    @Test
    void aFileIsReadAndUsersComeInTurn(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), "# two\n\nalice  a long one\nbob b\n");
        LoadUsers users = LoadUsers.of(file.toString(), 5, () -> {
            throw new AssertionError("a file has its own passwords");
        });
        assertThat(users.ofClient(0)).isEqualTo(new LoadUsers.User("alice", new Credentials.Password("a long one")));
        assertThat(users.ofClient(4).name()).isEqualTo("alice");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> LoadUsers.ofLines(List.of("alice secret", "bob")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .as("the word may be a password")
                .message()
                .doesNotContain("bob");
        assertThatThrownBy(() -> LoadUsers.ofLines(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LoadUsers.of("load%q", 2, () -> PASSWORD)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("load%q");
    }
}
