package io.pptpoperator.operator.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {

    private static final VpnUser BOB = Manifests.user("bob", "");
    private static final VpnUser EVE = Manifests.user("eve", "username: 'DOMAIN\\eve'");
    private static final ObjectKey BOBS = new ObjectKey("vpn", "bob-vpn");

    @TempDir
    private Path folder;

    @Test
    void aPasswordIsMadeOnceAndKeptForItsOwnerAlone() throws IOException {
        Path path = folder.resolve(PasswordFile.NAME);
        var first = new PasswordFile(path, new SecureRandom());

        assertThat(first.provideFor(List.of())).isEmpty();
        assertThat(path).doesNotExist();
        assertThat(first.provideFor(List.of(BOB))).containsExactly(BOB);
        String password = password(first);
        assertThat(password).hasSize(24);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        assertThat(path).content().contains("kind: Secret", password);

        var later = new PasswordFile(path, new SecureRandom());
        assertThat(later.provideFor(List.of(BOB, EVE))).containsExactly(EVE);
        assertThat(password(later)).isEqualTo(password);
        assertThat(folder).isDirectoryContaining(file -> file.equals(path));
        try (var inside = Files.list(folder)) {
            assertThat(inside).hasSize(1);
        }
    }

    @Test
    void anEditedPasswordCounts() throws IOException {
        Path path = folder.resolve(PasswordFile.NAME);
        var passwords = new PasswordFile(path, new SecureRandom());
        passwords.provideFor(List.of(BOB));
        Files.writeString(path, Files.readString(path).replaceAll("  password: .*", "  password: mine"));

        assertThat(passwords.provideFor(List.of(BOB))).isEmpty();
        assertThat(password(passwords)).isEqualTo("mine");
    }

    private static String password(PasswordFile passwords) {
        return new String(Base64.getDecoder().decode(passwords.data(BOBS).orElseThrow().get("password")),
                StandardCharsets.UTF_8);
    }
}
