package io.pptpoperator.dataplane.client.load;

import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Who the simulated clients log in as: client number i is user number i, beginning anew when there are fewer users.
 *
 * @param users at least one
 */
record LoadUsers(List<User> users) {

    /** A name and a password. */
    record User(String name, Credentials.Password password) {}

    LoadUsers {
        users = List.copyOf(users);
        if (users.isEmpty()) {
            throw new IllegalArgumentException("there is no user");
        }
    }

    User ofClient(int number) {
        return users.get(number % users.size());
    }

    /**
     * Users of a pattern such as {@code load%04d}, numbered from 0, or of a file.
     *
     * @param source a pattern if there is a % in it, or else a file with a line {@code name password} for each user
     * @param clients how many users a pattern stands for
     * @param password of all users of a pattern; asked for only if needed
     * @throws IllegalArgumentException when the pattern or a line is not right, naming it
     * @throws IOException when the file cannot be read
     */
    static LoadUsers of(String source, int clients, Supplier<Credentials.Password> password) throws IOException {
        return source.contains("%")
                ? ofPattern(source, clients, password.get())
                : ofLines(Files.readAllLines(Path.of(source)));
    }

    private static LoadUsers ofPattern(String pattern, int clients, Credentials.Password password) {
        List<User> users = new ArrayList<>();
        try {
            for (int number = 0; number < clients; number++) {
                users.add(new User(String.format(Locale.ROOT, pattern, number), password));
            }
        } catch (IllegalFormatException e) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' is not a pattern of user names; load%04d would be right", e);
        }
        return new LoadUsers(users);
    }

    /** Users of lines with a name and a password; empty lines and those that begin with # are passed over. */
    static LoadUsers ofLines(List<String> lines) {
        List<User> users = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", 2);
            if (words.length < 2) {
                throw new IllegalArgumentException(
                        "line " + (i + 1) + " has one word; a name, a space and a password would be right");
            }
            users.add(new User(words[0], new Credentials.Password(words[1])));
        }
        return new LoadUsers(users);
    }
}
