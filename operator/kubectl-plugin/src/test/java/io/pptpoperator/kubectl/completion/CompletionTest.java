package io.pptpoperator.kubectl.completion;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.kubectl.Main;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionTest {

    private static final Completion COMPLETION = new Completion(Main.commandLine(),
            label -> label.contains("USER")
                    ? List.of("alice", "albert", "bob")
                    : label.contains("SERVER") ? List.of("office") : List.of());

    private static List<String> words(String... typed) {
        return COMPLETION.text(List.of(typed)).lines().map(it -> it.split("\t", 2)[0]).toList();
    }

    @Test
    void subcommandsWithWhatTheyDo() {
        assertThat(COMPLETION.text(List.of("se")))
                .isEqualTo("sessions\tShows who is connected, and how much they moved\n:4\n");
        assertThat(words("")).contains("sessions", "kick", "logs", "add-user", "password", "profile", "doctor", ":4");
    }

    @Test
    void usersAndServersOfTheCluster() {
        assertThat(words("kick", "al")).containsExactly("alice", "albert", ":4");
        assertThat(words("doctor", "")).containsExactly("office", ":4");
        assertThat(words("doctor", "--user", "b")).containsExactly("bob", ":4");
        assertThat(words("kick", "-n", "vpn", "b")).as("a word behind an option is its value")
                .containsExactly("bob", ":4");
        assertThat(words("kick", "alice", "")).as("one is enough").containsExactly(":4");
    }

    @Test
    void optionsAndTheirValues() {
        assertThat(words("sessions", "--out")).containsExactly("--output", ":4");
        assertThat(words("sessions", "-o", "")).containsExactly("table", "wide", "name", "json", "yaml", ":4");
        assertThat(words("sessions", "--output=y")).containsExactly("--output=yaml", ":4");
        assertThat(words("profile", "alice", "--device", "")).containsExactly("windows", "networkmanager", "pptp-linux",
                "mikrotik", ":4");
        assertThat(words("completion", "f")).containsExactly("fish", ":4");
    }

    @Test
    void filesWhereAFileIsWanted() {
        assertThat(words("sessions", "--kubeconfig", "")).containsExactly(":0");
    }
}
