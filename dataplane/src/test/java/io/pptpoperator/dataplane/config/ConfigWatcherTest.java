package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatcherTest {

    private static final Configuration ALICE = ConfigReader.parse(ConfigTexts.ALL_DEFAULTS, users("alice"));

    /** What the watcher told: configurations and errors. */
    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    @TempDir
    private Path directory;

    private ConfigWatcher watcher;

    @AfterEach
    void close() {
        watcher.close();
    }

    @Test
    void aChangeBetweenReadingAndWatchingIsNotMissed() throws Exception {
        write(directory, users("bob"));
        watch(directory);
        assertThat(nextUsers()).containsExactly("bob");
    }

    @Test
    void filesWrittenInPlaceAreReadAgain() throws Exception {
        write(directory, users("alice"));
        watch(directory);
        write(directory, users("bob"));
        assertThat(nextUsers()).containsExactly("bob");
        Files.writeString(directory.resolve("server.yaml"),
                ConfigTexts.ALL_DEFAULTS.replace("retries: 2", "retries: 1"));
        assertThat(nextConfiguration().server().authentication().retries()).isEqualTo(1);
    }

    @Test
    void aTextThatSaysTheSameIsToldForItsDigest() throws Exception {
        write(directory, users("alice"));
        watch(directory);
        String text = "# the same users\n" + users("alice");
        write(directory, text);
        Configuration told = nextConfiguration();
        assertThat(told.users()).isEqualTo(ALICE.users());
        assertThat(told.digests()).isEqualTo(ConfigReader.parse(ConfigTexts.ALL_DEFAULTS, text).digests())
                .isNotEqualTo(ALICE.digests());
    }

    @Test
    void filesReplacedByAnEditorsRenameAreReadAgain() throws Exception {
        write(directory, users("alice"));
        watch(directory);
        for (String user : List.of("bob", "carol", "dave")) {
            replace(users(user));
            assertThat(nextUsers()).containsExactly(user);
        }
    }

    @Test
    void aMountedSecretsExchangedLinkIsFollowed() throws Exception {
        publish("alice", 1);
        Files.createSymbolicLink(directory.resolve("server.yaml"), Path.of("..data", "server.yaml"));
        Files.createSymbolicLink(directory.resolve("users.yaml"), Path.of("..data", "users.yaml"));
        watch(directory);
        publish("bob", 2);
        assertThat(nextUsers()).containsExactly("bob");
        publish("carol", 3);
        assertThat(nextUsers()).containsExactly("carol");
    }

    /** What kubelet's atomic writer does: a new directory, a new link to it, the link renamed over the old one. */
    private void publish(String user, int version) throws IOException {
        Path data = Files.createDirectory(directory.resolve("..2026_" + version));
        write(data, users(user));
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), data.getFileName());
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void whatTheKernelDoesNotReportIsFoundByPolling() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path watched = Files.createDirectory(directory.resolve("watched"));
        write(elsewhere, users("alice"));
        Files.createSymbolicLink(watched.resolve("server.yaml"), elsewhere.resolve("server.yaml"));
        Files.createSymbolicLink(watched.resolve("users.yaml"), elsewhere.resolve("users.yaml"));
        watch(watched);
        write(elsewhere, users("somebody"));
        assertThat(nextUsers()).containsExactly("somebody");
    }

    @Test
    void aReplacedDirectoryIsWatchedToo() throws Exception {
        Path watched = Files.createDirectory(directory.resolve("watched"));
        write(watched, users("alice"));
        watch(watched);
        Files.delete(watched.resolve("server.yaml"));
        Files.delete(watched.resolve("users.yaml"));
        Files.delete(watched);
        assertThat(next()).isInstanceOf(ConfigException.class);
        Path prepared = Files.createDirectory(directory.resolve("prepared"));
        write(prepared, users("bob"));
        Files.move(prepared, watched, StandardCopyOption.ATOMIC_MOVE);
        assertThat(nextUsers()).containsExactly("bob");
        write(watched, users("carol"));
        assertThat(nextUsers()).containsExactly("carol");
    }

    @Test
    void aDirectoryMovedAwayForAnotherIsNoLongerTheOneWatched() throws Exception {
        Path watched = Files.createDirectory(directory.resolve("watched"));
        write(watched, users("alice"));
        watch(watched);
        Path prepared = Files.createDirectory(directory.resolve("prepared"));
        write(prepared, users("bob"));
        Files.move(watched, directory.resolve("former"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(prepared, watched, StandardCopyOption.ATOMIC_MOVE);
        assertThat(nextUsers()).containsExactly("bob");
        write(directory.resolve("former"), users("nobody asks for these"));
        write(watched, users("carol"));
        assertThat(nextUsers()).containsExactly("carol");
    }

    @Test
    void errorsAreToldOnceAndTheOldConfigurationToldAgainWhenTheyAreGone() throws Exception {
        write(directory, users("alice"));
        watch(directory);
        replace("users: nobody");
        assertThat(next()).isInstanceOfSatisfying(ConfigException.class,
                errors -> assertThat(errors).hasMessageContaining("users.yaml:1: users: a list"));
        Files.writeString(directory.resolve("unrelated"), "wakes the watcher up");
        replace(users("alice"));
        assertThat(next()).isEqualTo(ALICE);
    }

    @Test
    void usersChangeWhileTheServerFileCannotBeUsed() throws Exception {
        write(directory, users("alice"));
        watch(directory);
        // In one step: of a file written in place, another error may be told first, that of its empty beginning.
        replace("server.yaml", ConfigTexts.ALL_DEFAULTS + "turbo: true\n");
        assertThat(next()).isInstanceOfSatisfying(ConfigException.class,
                errors -> assertThat(errors).hasMessageContaining("server.yaml")
                        .hasMessageContaining("turbo: this key is not known"));
        replace(users("bob"));

        Configuration told = nextConfiguration();
        assertThat(told.users()).extracting(UserConfig::username).containsExactly("bob");
        assertThat(told.server()).isEqualTo(ALICE.server());
        assertThat(told.digests()).as("whoever wrote the files sees which of them is in force")
                .isEqualTo(new ConfigDigests(ALICE.digests().server(), ConfigDigests.of(users("bob")), "", ""));

        replace(users("carol").replace("password:", "address: 192.168.10.1\n  password:"));
        assertThat(next()).as("users have to fit the server that runs")
                .isInstanceOfSatisfying(ConfigException.class,
                        errors -> assertThat(errors).hasMessageContaining("192.168.10.1 is the server's own localIP"));
    }

    @Test
    void theServerChangesWhileTheUsersFileCannotBeUsed() throws Exception {
        write(directory, users("alice"));
        watch(directory);
        replace("users: nobody");
        assertThat(next()).isInstanceOf(ConfigException.class);
        Files.writeString(directory.resolve("server.yaml"),
                ConfigTexts.ALL_DEFAULTS.replace("retries: 2", "retries: 1"));

        Configuration told = nextConfiguration();
        assertThat(told.server().authentication().retries()).isEqualTo(1);
        assertThat(told.users()).as("nobody is thrown out for a mistake").isEqualTo(ALICE.users());
    }

    @Test
    void aFailingListenerHearsOfTheNextChange() throws Exception {
        write(directory, users("alice"));
        watcher = ConfigWatcher.start(directory.resolve("server.yaml"), directory.resolve("users.yaml"), ALICE,
                new ConfigWatcher.Listener() {
                    @Override
                    public void changed(Configuration configuration) {
                        told.add(configuration);
                        throw new IllegalStateException("the listener does not cope (this is part of a test)");
                    }

                    @Override
                    public void failed(ConfigException errors) {
                        told.add(errors);
                    }
                });
        write(directory, users("bob"));
        assertThat(nextUsers()).containsExactly("bob");
        write(directory, users("carol"));
        assertThat(nextUsers()).containsExactly("carol");
    }

    private void watch(Path where) {
        watcher = ConfigWatcher.start(where.resolve("server.yaml"), where.resolve("users.yaml"), ALICE,
                new ConfigWatcher.Listener() {
                    @Override
                    public void changed(Configuration configuration) {
                        told.add(configuration);
                    }

                    @Override
                    public void failed(ConfigException errors) {
                        told.add(errors);
                    }
                });
    }

    private Object next() throws InterruptedException {
        Object next = told.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("the watcher tells something").isNotNull();
        return next;
    }

    /** Skips errors: a file written in place, or one of two, may have been read half done. */
    private Configuration nextConfiguration() throws InterruptedException {
        Object next = next();
        while (next instanceof ConfigException) {
            next = next();
        }
        return (Configuration) next;
    }

    private List<String> nextUsers() throws InterruptedException {
        return nextConfiguration().users().stream().map(UserConfig::username).toList();
    }

    private void replace(String users) throws IOException {
        replace("users.yaml", users);
    }

    private void replace(String name, String text) throws IOException {
        Path temporary = Files.writeString(directory.resolve("." + name + ".swp"), text);
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(Path where, String users) throws IOException {
        if (Files.notExists(where.resolve("server.yaml"))) {
            Files.writeString(where.resolve("server.yaml"), ConfigTexts.ALL_DEFAULTS);
        }
        Files.writeString(where.resolve("users.yaml"), users);
    }

    private static String users(String name) {
        return ConfigWriter
                .writeUsers(List.of(UserConfig.withDefaults(name, new Credentials.Password("not a secret"))));
    }
}
