package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which user a name means. */
class UsersTest {
    private final Users users = new Users(
            List.of(user("alice"), user("bob@corp.example"), user("LAB\\carol"), user("dave"), user("LAB\\dave")));

    private static UserConfig user(String name) {
        return UserConfig.withDefaults(name, new Credentials.Password("secret"));
    }

    @ParameterizedTest
    @CsvSource({"alice, alice", "LAB\\alice, alice", "alice@anything, alice", "LAB\\alice@anything, alice",
            "bob@corp.example, bob@corp.example", "LAB\\bob@corp.example, bob@corp.example", "LAB\\carol, LAB\\carol",
            "LAB\\dave, LAB\\dave", "CORP\\dave, dave", "dave, dave"})
    void theWholeNameCountsFirstThenTheBareOne(String claimed, String meant) {
        assertThat(users.find(claimed)).map(UserConfig::username).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"Alice", "carol", "bob", "CORP\\carol", "alice\\", "@alice", "''", "\\", "@", "\\@"})
    void othersAreNobody(String claimed) {
        assertThat(users.find(claimed)).isEmpty();
    }

    @Test
    void anEmptySetKnowsNobody() {
        assertThat(Users.NONE.find("alice")).isEmpty();
        assertThat(Users.NONE.count()).isZero();
        assertThat(users.count()).isEqualTo(5);
    }
}
