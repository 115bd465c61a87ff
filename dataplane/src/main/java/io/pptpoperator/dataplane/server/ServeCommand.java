package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.ConfigException;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ConfigWatcher;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.ppp.auth.Credentials;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: runs the server until it is told to stop. */
@Command(name = "serve", mixinStandardHelpOptions = true,
        description = "Serves PPTP as a directory with server.yaml and users.yaml says; edits to them apply live.")
public final class ServeCommand implements Callable<Integer> {
    /** The exit status of a server that could not start. */
    private static final int CANNOT_START = 1;
    private static final String TEST_USER = "test";
    /** Letters and digits that nobody confuses when typing them on another machine. */
    private static final String PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int PASSWORD_LENGTH = 14;

    @Option(names = "--config", required = true, paramLabel = "DIR",
            description = "the directory with server.yaml and users.yaml")
    private Path directory;

    @Option(names = "--test-user", description = "let in one more user, made up for this run, and print how to connect")
    private boolean testUser;

    @Override
    public Integer call() throws InterruptedException {
        Optional<UserConfig> guest = testUser ? Optional.of(makeUpUser()) : Optional.empty();
        PptpServer server;
        try {
            Configuration configuration = with(guest, new ConfigReader().read(directory));
            Logging.configure(configuration.server().log());
            server = PptpServer.start(configuration);
        } catch (ConfigException | StartupException e) {
            e.getMessage().lines().forEach(line -> System.err.println("pptp-dataplane: " + line));
            return CANNOT_START;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
            server.drainAndClose();
            stopped.countDown();
        }));
        guest.ifPresent(user -> System.out.println(ConnectHelp.forUser(user, server.dialAddresses())));
        try (ConfigWatcher watcher = new ConfigWatcher(directory, new Reload(server, guest))) {
            server.awaitFailure();
        }
        return CANNOT_START;
    }
}
