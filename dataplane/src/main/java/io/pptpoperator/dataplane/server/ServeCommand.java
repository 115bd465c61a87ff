package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.ConfigException;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.ConfigWatcher;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.network.NetworkSetupException;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: runs the server until it is told to stop. */
@Command(name = "serve", mixinStandardHelpOptions = true,
        description = "Serves PPTP as server.yaml and users.yaml say; edits to them apply live.")
public final class ServeCommand implements Callable<Integer> {
    /** The exit status of a server that could not start, or that stopped by itself. */
    private static final int FAILED = 1;
    private static final String TEST_USER = "test";
    /** Letters and digits that nobody mistakes for one another when typing them on another machine. */
    private static final String PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int PASSWORD_LENGTH = 14;
    private static final long POLL_MILLIS = 500;

    /** Either a directory, or both files by name: in a Secret for several servers each has a file of its own. */
    private static final class ConfigFiles {
        @Option(names = "--config", required = true, paramLabel = "DIR",
                description = "the directory with server.yaml and users.yaml")
        private Path directory;

        @ArgGroup(exclusive = false)
        private NamedFiles named;

        Path server() {
            return directory == null ? named.server : directory.resolve("server.yaml");
        }

        Path users() {
            return directory == null ? named.users : directory.resolve("users.yaml");
        }
    }

    private static final class NamedFiles {
        @Option(names = "--server", required = true, paramLabel = "FILE",
                description = "server.yaml under another name")
        private Path server;

        @Option(names = "--users", required = true, paramLabel = "FILE", description = "users.yaml under another name")
        private Path users;
    }

    @ArgGroup(multiplicity = "1")
    private ConfigFiles files;

    @Option(names = "--test-user",
            description = "let in one more user, made up for this run, and print how to connect as that user")
    private boolean withTestUser;

    @Option(names = "--wait-for-files", defaultValue = "${env:PPTP_WAIT_FOR_FILES:-false}",
            description = "wait for files that are not there yet instead of failing (or set PPTP_WAIT_FOR_FILES=true)")
    private boolean waitsForFiles;

    @Option(names = "--probes", paramLabel = "ADDRESS:PORT", converter = ProbesAddress.class,
            defaultValue = "${env:PPTP_PROBES}",
            description = "answer /healthz and /readyz in plain HTTP there too, apart from the administration port (or set PPTP_PROBES)")
    private InetSocketAddress probes;

    @Option(names = "--take-over", defaultValue = "${env:PPTP_TAKE_OVER:-false}",
            description = "take over the sessions of the server that runs with the same TUN device, which then ends; without one, start as usual (or set PPTP_TAKE_OVER=true)")
    private boolean takesOver;

    @Option(names = "--hand-over", paramLabel = "DIR",
            defaultValue = "${env:PPTP_HAND_OVER:-" + Succession.USUAL_DIRECTORY + "}",
            description = "where this server and its successor find one another, a directory for root alone (default: ${DEFAULT-VALUE}, or set PPTP_HAND_OVER)")
    private Path handOverDirectory;

    @Override
    public Integer call() throws InterruptedException {
        Path serverFile = files.server();
        Path usersFile = files.users();
        if (waitsForFiles) {
            await(serverFile);
            await(usersFile);
        }
        List<UserConfig> extra = withTestUser
                ? List.of(UserConfig.withDefaults(TEST_USER, new Credentials.Password(newPassword())))
                : List.of();
        Configuration configuration;
        PacServer server;
        try {
            configuration = ConfigReader.read(serverFile, usersFile);
            server = new PacServer(with(extra, configuration), Optional.ofNullable(probes),
                    Optional.of(new Succession(handOverDirectory, takesOver)));
            // Before anything is set up, or else a SIGTERM in between would leave it behind.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(server::drainAndClose));
            server.start();
        } catch (ConfigException | StartupException | NetworkSetupException | LinuxException e) {
            e.getMessage().lines().forEach(line -> System.err.println("pptp-dataplane: " + line));
            return FAILED;
        }
        for (UserConfig user : extra) {
            if (user.credentials() instanceof Credentials.Password password) {
                System.out.println(ConnectHelp.text(user.username(), password.value(), server.dialAddresses()));
            }
        }
        ConfigWatcher watcher = ConfigWatcher.start(serverFile, usersFile, configuration, new Reload(server, extra));
        try {
            return server.awaitStop() ? 0 : FAILED;
        } finally {
            watcher.close();
        }
    }

    /** Polled, like everything that Kubernetes mounts: the directory that is watched may be another one then. */
    private static void await(Path file) throws InterruptedException {
        if (!Files.exists(file)) {
            System.err.println("pptp-dataplane: waiting for " + file);
            while (!Files.exists(file)) {
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private static String newPassword() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(PASSWORD_LETTERS.charAt(random.nextInt(PASSWORD_LETTERS.length())));
        }
        return password.toString();
    }

    static Configuration with(List<UserConfig> extra, Configuration configuration) {
        if (extra.isEmpty()) {
            return configuration;
        }
        List<UserConfig> users = new ArrayList<>(configuration.users());
        users.removeIf(user -> extra.stream().anyMatch(one -> one.username().equals(user.username())));
        users.addAll(extra);
        return configuration.with(users);
    }

    /** Passes changed files on to the server. */
    private record Reload(PacServer server, List<UserConfig> extra) implements ConfigWatcher.Listener {

        @Override
        public void changed(Configuration configuration) {
            server.reconfigure(with(extra, configuration));
        }

        @Override
        public void failed(ConfigException errors) {
            server.configurationRefused(errors);
        }
    }
}
