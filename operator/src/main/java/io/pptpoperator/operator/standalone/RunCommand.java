package io.pptpoperator.operator.standalone;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.log.Logging;
import io.pptpoperator.dataplane.server.ServeCommand;
import io.pptpoperator.operator.manifest.ManifestException;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestSet.Declared;
import io.pptpoperator.operator.render.ConfigurationFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: serves the PptpServer of some manifests on this machine, without a cluster. */
@Command(name = "run", mixinStandardHelpOptions = true,
        description = "Serves PPTP on this machine as PptpServer, VpnUser and Secret manifests say; edits to them apply live. "
                + "Started again, it takes over the sessions of the one that runs, which then ends.")
public final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    /** The exit status of a server that could not start. */
    private static final int FAILED = 1;
    /** What the data plane's own drain and the end of its sessions take at most, by its configuration's bounds. */
    private static final long LONGEST_STOP_SECONDS = 3700;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "files with manifests, or folders of them")
    private List<Path> paths;

    @Option(names = "--server", paramLabel = "NAME",
            description = "which PptpServer to run, when there are several; NAMESPACE/NAME where that is not enough")
    private String server;

    @Option(names = "--state-dir", paramLabel = "DIR", description = "where " + PasswordFile.NAME
            + " is kept: the passwords of VpnUsers that bring none (default: beside the first PATH)")
    private Path stateDirectory;

    @Option(names = "--test-user",
            description = "let in one more user, made up for this run, and print how to connect as that user")
    private boolean withTestUser;

    @Option(names = "--no-take-over",
            description = "fail where a server with the same TUN device runs, instead of taking its sessions over")
    private boolean leavesOthersAlone;

    private ManifestFiles files;
    private PasswordFile passwords;
    /** The texts last written, to leave files alone that would not change. */
    private Rendition current;
    private Path directory;

    @Override
    public Integer call() throws IOException {
        passwords = new PasswordFile(stateDirectory().resolve(PasswordFile.NAME), new SecureRandom());
        files = new ManifestFiles(paths, passwords.path());
        var cleaned = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("cleanup").unstarted(() -> await(cleaned)));
        try (var watch = new ManifestWatch(files, this::reload)) {
            Rendition rendition = render(RunCommand::print);
            rendition.warnings().forEach(RunCommand::print);
            if (!withTestUser) {
                rendition.nobody().ifPresent(RunCommand::print);
            }
            directory = PrivateFiles.newDirectory("pptp-operator-");
            write(rendition);
            watch.start();
            return new CommandLine(new ServeCommand()).execute(serveArguments());
        } catch (ManifestException e) {
            e.getMessage().lines().forEach(RunCommand::print);
            return FAILED;
        } catch (IOException | UncheckedIOException e) {
            print(e.toString());
            return FAILED;
        } finally {
            delete();
            cleaned.countDown();
        }
    }

    private Path stateDirectory() {
        if (stateDirectory != null) {
            return stateDirectory;
        }
        Path first = paths.getFirst().toAbsolutePath();
        return Files.isDirectory(first) ? first : first.getParent();
    }

    private String[] serveArguments() {
        var arguments = new ArrayList<>(List.of("--config", directory.toString()));
        if (!leavesOthersAlone) {
            arguments.add("--take-over");
        }
        if (withTestUser) {
            arguments.add("--test-user");
        }
        return arguments.toArray(String[]::new);
    }

    /** Reads and renders; tells about passwords that were generated on the way. */
    private Rendition render(Consumer<String> tell) throws IOException {
        ManifestSet manifests = Rendition.read(files.read());
        Declared<PptpServer> chosen = Rendition.choose(manifests, Optional.ofNullable(server));
        List<VpnUser> wanting = Rendition.withoutPassword(manifests, chosen.resource());
        try {
            for (VpnUser user : passwords.provideFor(wanting)) {
                tell.accept("a password was generated for " + user.username() + "; it stands in " + passwords.path()
                        + " (mode 0600) under " + Rendition.passwordKey(user).name());
            }
        } catch (IOException e) {
            throw new IOException("generated passwords cannot be kept in " + passwords.path()
                    + " (another folder for them: --state-dir): " + e, e);
        }
        return Rendition.of(manifests, chosen, passwords);
    }

    /** Files that cannot be used change nothing: an editor's half sentence must not end anybody's session. */
    private void reload() {
        try {
            Rendition rendition = render(LOG::info);
            rendition.warnings().stream().filter(it -> !current.warnings().contains(it)).forEach(LOG::warn);
            write(rendition);
        } catch (ManifestException e) {
            e.problems().forEach(problem -> LOG.error("{}; the configuration in force stays", problem));
        } catch (IOException | RuntimeException e) {
            LOG.error("The manifests cannot be applied; the configuration in force stays: {}", e.toString());
        }
    }

    private void write(Rendition rendition) throws IOException {
        if (current == null || !current.serverYaml().equals(rendition.serverYaml())) {
            PrivateFiles.replace(directory.resolve("server.yaml"), rendition.serverYaml());
        }
        // Before the users who name them.
        if (current == null || !current.profilesYaml().equals(rendition.profilesYaml())) {
            write(ConfigurationFiles.PROFILES, rendition.profilesYaml());
        }
        if (current == null || !current.usersYaml().equals(rendition.usersYaml())) {
            PrivateFiles.replace(directory.resolve("users.yaml"), rendition.usersYaml());
        }
        if (current == null || !current.radiusYaml().equals(rendition.radiusYaml())) {
            write(ConfigurationFiles.RADIUS, rendition.radiusYaml());
        }
        current = rendition;
    }

    private void write(String name, Optional<String> text) throws IOException {
        Path file = directory.resolve(name);
        if (text.isPresent()) {
            PrivateFiles.replace(file, text.get());
        } else {
            Files.deleteIfExists(file);
        }
    }

    private void delete() throws IOException {
        if (directory != null) {
            for (String file : List.of("server.yaml", "users.yaml", ConfigurationFiles.RADIUS,
                    ConfigurationFiles.PROFILES, "")) {
                Files.deleteIfExists(directory.resolve(file));
            }
        }
    }

    /** The files hold secrets: the process must not end before they are gone. */
    private static void await(CountDownLatch cleaned) {
        try {
            if (!cleaned.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                print("the server does not stop; its files stay");
            }
            Logging.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void print(String line) {
        System.err.println("pptp-operator: " + line);
    }
}
