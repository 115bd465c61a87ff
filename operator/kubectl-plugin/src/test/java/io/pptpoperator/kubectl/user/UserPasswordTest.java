package io.pptpoperator.kubectl.user;

import static io.pptpoperator.kubectl.Resources.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.kubectl.CommandFailedException;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserPasswordTest {

    @Test
    void aPasswordIsWhereTheOperatorLooksForIt() {
        assertThat(UserPassword.of(user("", ""))).isEqualTo(new UserPassword("alice-vpn", "password", false));
        assertThat(UserPassword.of(user("password: {secretKeyRef: {name: own, key: pw}}", "")))
                .isEqualTo(new UserPassword("own", "pw", false));
        assertThat(UserPassword.of(user("ntHash: {secretKeyRef: {name: own, key: hash}}", "")))
                .isEqualTo(new UserPassword("own", "hash", true));
    }

    @Test
    void aHashedOneIsStoredAsItsHash() {
        assertThat(new UserPassword("own", "pw", false).stored("password")).isEqualTo("password");
        assertThat(new UserPassword("own", "hash", true).stored("password"))
                .isEqualTo("8846f7eaee8fb117ad06bdd830b7586c");
    }

    @Test
    void whatNoServerTakesIsRefusedWithoutBeingQuoted() {
        assertThat(UserPassword.checked("ß 50%")).isEqualTo("ß 50%");
        assertThatThrownBy(() -> UserPassword.checked("")).isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("1 to 256");
        String tooLong = "x".repeat(257);
        assertThatThrownBy(() -> UserPassword.checked(tooLong)).isInstanceOf(CommandFailedException.class)
                .hasMessageNotContaining(tooLong);
    }

    @Test
    void aUserIsFoundByItsNameBeforeItsUsername() {
        var alice = user("username: bob", "");
        var bob = user("", "");
        bob.getMetadata().setName("bob");

        assertThat(VpnUsers.find(List.of(alice, bob), "bob")).containsSame(bob);
        assertThat(VpnUsers.find(List.of(alice), "bob")).containsSame(alice);
        assertThat(VpnUsers.find(List.of(alice), "carol")).isEmpty();
    }
}
