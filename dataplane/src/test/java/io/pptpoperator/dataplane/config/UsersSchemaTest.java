package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersSchemaTest {

    private static final String SERVER = "{localIP: 10.8.0.1, pools: [10.8.0.2-9]}\n";

    @TempDir
    private Path folder;

    @Test
    void theNewestFileThatIsUnderstoodIsRead() throws IOException {
        Path server = Files.writeString(folder.resolve("server.yaml"), SERVER);
        Path users = Files.writeString(folder.resolve("users.yaml"), user("for-all"));
        assertThat(ConfigReader.read(server, users).users().getFirst().username()).isEqualTo("for-all");

        Files.writeString(folder.resolve("users." + (UsersSchema.OWN + 1) + ".yaml"), "users: [{key: of-tomorrow}]\n");
        Configuration before = ConfigReader.read(server, users);
        assertThat(before.users().getFirst().username()).as("of a version that comes later").isEqualTo("for-all");

        Files.writeString(folder.resolve("users." + UsersSchema.OWN + ".yaml"), user("for-us"));
        ConfigReader.Reread again = ConfigReader.readAgain(server, users, before);
        assertThat(again.errors()).isEmpty();
        assertThat(again.configuration().users().getFirst().username()).isEqualTo("for-us");
        assertThat(again.configuration().digests().users()).isEqualTo(ConfigDigests.of(user("for-us")));
    }

    private static String user(String name) {
        return "users:\n- username: " + name + "\n  password: secret\n";
    }
}
