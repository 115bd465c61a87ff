package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.yaml.YamlException;
import io.pptpoperator.dataplane.yaml.YamlNode;
import io.pptpoperator.dataplane.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads {@code server.yaml}, {@code users.yaml} and, where they are there, {@code users.radius.yaml} and
 * {@code users.profiles.yaml}. The errors of all are found in one go; a configuration to start with has none. A running
 * server goes on with what it has of a file with errors, and takes on the others.
 */
public final class ConfigReader {

    /** Longest {@code server.yaml} in bytes. */
    public static final int MAX_SERVER_BYTES = 1 << 20;
    /** Longest {@code users.yaml} in bytes: about 100,000 users. */
    public static final int MAX_USERS_BYTES = 16 << 20;
    /** Longest {@code users.radius.yaml} in bytes. */
    public static final int MAX_RADIUS_BYTES = 1 << 20;
    /** Longest {@code users.profiles.yaml} in bytes. */
    public static final int MAX_PROFILES_BYTES = 4 << 20;

    /**
     * What a running server can make of changed files.
     *
     * @param configuration what the files say; where one has errors, what was in force of it
     * @param errors what is wrong with the files; nothing when all are in force
     */
    public record Reread(Configuration configuration, List<ConfigError> errors) {

        /** Copies the list. */
        public Reread {
            errors = List.copyOf(errors);
        }
    }

    /** What one file says, and how. */
    private record Parsed<T>(T value, String file, String text, YamlNode root) {
        /** Of a text that is there. */
        String digest() {
            return text.isEmpty() ? "" : ConfigDigests.of(text);
        }
    }

    private static final Section<ServerConfig> SERVER = Section.of(ServerConfig.class);
    private static final Section<UsersFile> USERS = Section.of(UsersFile.class);
    private static final Section<RadiusConfig> RADIUS = Section.of(RadiusConfig.class);
    private static final Section<ProfilesFile> PROFILES = Section.of(ProfilesFile.class);

    private ConfigReader() {}

    /**
     * Reads all files and checks that they fit together.
     *
     * @throws ConfigException when a file that must be there is missing, cannot be read or says something impossible
     */
    public static Configuration read(Path serverFile, Path usersFile) {
        return combine(() -> server(name(serverFile), load(serverFile, MAX_SERVER_BYTES)),
                () -> users(UsersSchema.newest(usersFile)), () -> radius(usersFile), () -> profiles(usersFile));
    }

    /**
     * Reads all files again, each for itself: users can be revoked whatever {@code server.yaml} says.
     *
     * @param running what is in force
     */
    public static Reread readAgain(Path serverFile, Path usersFile, Configuration running) {
        var errors = new ArrayList<ConfigError>();
        var radiusErrors = new ArrayList<ConfigError>();
        Optional<Parsed<RadiusConfig>> asked = collect(radiusErrors, () -> radius(usersFile));
        Optional<Parsed<ServerConfig>> server = collect(errors, () -> {
            Parsed<ServerConfig> read = server(name(serverFile), load(serverFile, MAX_SERVER_BYTES));
            fitMethods(read, asked.map(Parsed::value).orElse(running.radius())).throwIfAny();
            return read;
        });
        ServerConfig config = server.map(Parsed::value).orElse(running.server());
        Optional<Parsed<List<UserConfig>>> users = collect(errors, () -> {
            Parsed<List<UserConfig>> read = users(UsersSchema.newest(usersFile));
            fit(config, read).throwIfAny();
            return read;
        });
        Optional<Parsed<RadiusConfig>> radius = asked.flatMap(read -> collect(radiusErrors, () -> {
            fitRadius(config, read).throwIfAny();
            return read;
        }));
        errors.addAll(radiusErrors);
        Optional<Parsed<List<ProfileConfig>>> profiles = collect(errors, () -> profiles(usersFile));
        var digests = new ConfigDigests(server.map(Parsed::digest).orElse(running.digests().server()),
                users.map(Parsed::digest).orElse(running.digests().users()),
                radius.map(Parsed::digest).orElse(running.digests().radius()),
                profiles.map(Parsed::digest).orElse(running.digests().profiles()));
        return new Reread(new Configuration(config, users.map(Parsed::value).orElse(running.users()),
                radius.map(Parsed::value).orElse(running.radius()),
                profiles.map(Parsed::value).orElse(running.profiles()), digests), errors);
    }

    /** What keeps users from going with a server; both are right when looked at alone. */
    private static Problems fit(ServerConfig server, Parsed<List<UserConfig>> users) {
        var problems = new Problems(users.file, users.root);
        problems.addUnlessKnown(ConfigCheck.together(server, users.value));
        return problems;
    }

    /** What keeps a server from offering its methods, whoever decides about logins; both are right when looked at alone. */
    private static Problems fitMethods(Parsed<ServerConfig> server, RadiusConfig radius) {
        var problems = new Problems(server.file, server.root);
        problems.addUnlessKnown(ConfigCheck.methods(server.value, radius));
        return problems;
    }

    /** What keeps a server from asking others in time; both are right when looked at alone. */
    private static Problems fitRadius(ServerConfig server, Parsed<RadiusConfig> radius) {
        var problems = new Problems(radius.file, radius.root);
        problems.addUnlessKnown(ConfigCheck.together(server, radius.value));
        return problems;
    }

    /**
     * Reads both files' texts and checks that they fit together.
     *
     * @throws ConfigException when one says something impossible; its errors name {@code server.yaml} and
     *     {@code users.yaml}
     */
    public static Configuration parse(String serverYaml, String usersYaml) {
        return parse(serverYaml, usersYaml, "");
    }

    /**
     * Reads three files' texts and checks that they fit together.
     *
     * @param radiusYaml that of {@code users.radius.yaml}; empty for none
     * @throws ConfigException when one says something impossible; its errors name the files
     */
    public static Configuration parse(String serverYaml, String usersYaml, String radiusYaml) {
        return parse(serverYaml, usersYaml, radiusYaml, "");
    }

    /**
     * Reads all files' texts and checks that they fit together.
     *
     * @param radiusYaml that of {@code users.radius.yaml}; empty for none
     * @param profilesYaml that of {@code users.profiles.yaml}; empty for none
     * @throws ConfigException when one says something impossible; its errors name the files
     */
    public static Configuration parse(String serverYaml, String usersYaml, String radiusYaml, String profilesYaml) {
        return combine(() -> server("server.yaml", serverYaml), () -> users("users.yaml", usersYaml),
                () -> radius("users.radius.yaml", radiusYaml), () -> profiles("users.profiles.yaml", profilesYaml));
    }

    /**
     * Reads the text of {@code server.yaml}.
     *
     * @param file the file's name for the errors
     * @throws ConfigException when it says something impossible
     */
    public static ServerConfig parseServer(String file, String yaml) {
        return server(file, yaml).value;
    }

    /**
     * Reads the text of {@code users.radius.yaml}.
     *
     * @param file the file's name for the errors
     * @throws ConfigException when it says something impossible
     */
    public static RadiusConfig parseRadius(String file, String yaml) {
        return radius(file, yaml).value;
    }

    /**
     * Reads the text of {@code users.profiles.yaml}.
     *
     * @param file the file's name for the errors
     * @throws ConfigException when it says something impossible
     */
    public static List<ProfileConfig> parseProfiles(String file, String yaml) {
        return profiles(file, yaml).value;
    }

    /**
     * Reads the settings of {@code server.yaml} from another document that has them under the same names, among others.
     *
     * @param problems gets what is wrong with them
     * @return empty when something is wrong
     */
    public static Optional<ServerConfig> serverAmongOthers(YamlNode document, List<FieldProblem> problems) {
        Problems found = new Problems("", document);
        ServerConfig server = SERVER.readAmongOthers(document, found);
        found.addUnlessKnown(ConfigCheck.server(server));
        found.errors().forEach(it -> problems.add(it.problem()));
        return found.errors().isEmpty() ? Optional.of(server) : Optional.empty();
    }

    /**
     * Reads a profile from another document that has its settings under the same names, among others.
     *
     * @param document a mapping, the name among its keys
     * @param problems takes what keeps it from being one, each with its field's path
     * @return the profile; empty when there are problems
     */
    public static Optional<ProfileConfig> profileAmongOthers(YamlNode document, List<FieldProblem> problems) {
        Problems found = new Problems("", document);
        ProfileConfig profile = Section.of(ProfileConfig.class).readAmongOthers(document, found);
        if (found.errors().isEmpty()) {
            ConfigCheck.profiles(List.of(profile))
                    .forEach(it -> problems
                            .add(new FieldProblem(it.field().substring(it.field().indexOf('.') + 1), it.message())));
        }
        found.errors().forEach(it -> problems.add(it.problem()));
        return problems.isEmpty() ? Optional.of(profile) : Optional.empty();
    }

    private static Configuration combine(Supplier<Parsed<ServerConfig>> serverFile,
            Supplier<Parsed<List<UserConfig>>> usersFile, Supplier<Parsed<RadiusConfig>> radiusFile,
            Supplier<Parsed<List<ProfileConfig>>> profilesFile) {
        var errors = new ArrayList<ConfigError>();
        Optional<Parsed<ServerConfig>> server = collect(errors, serverFile);
        Optional<Parsed<List<UserConfig>>> users = collect(errors, usersFile);
        Optional<Parsed<RadiusConfig>> radius = collect(errors, radiusFile);
        Optional<Parsed<List<ProfileConfig>>> profiles = collect(errors, profilesFile);
        server.ifPresent(it -> {
            users.ifPresent(read -> errors.addAll(fit(it.value, read).errors()));
            radius.ifPresent(read -> {
                errors.addAll(fitMethods(it, read.value).errors());
                errors.addAll(fitRadius(it.value, read).errors());
            });
        });
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return new Configuration(server.orElseThrow().value, users.orElseThrow().value, radius.orElseThrow().value,
                profiles.orElseThrow().value, new ConfigDigests(server.orElseThrow().digest(),
                        users.orElseThrow().digest(), radius.orElseThrow().digest(), profiles.orElseThrow().digest()));
    }

    private static <T> Optional<T> collect(List<ConfigError> errors, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ConfigException e) {
            errors.addAll(e.errors());
            return Optional.empty();
        }
    }

    private static Parsed<ServerConfig> server(String file, String yaml) {
        YamlNode root = tree(file, yaml);
        var problems = new Problems(file, root);
        ServerConfig server = SERVER.read(root, problems);
        problems.addUnlessKnown(ConfigCheck.server(server));
        problems.throwIfAny();
        return new Parsed<>(server, file, yaml, root);
    }

    private static Parsed<List<UserConfig>> users(Path file) {
        return users(name(file), load(file, MAX_USERS_BYTES));
    }

    private static Parsed<List<UserConfig>> users(String file, String yaml) {
        return entries(file, yaml, (root, problems) -> USERS.read(root, problems).users(), ConfigCheck::users);
    }

    private static Parsed<RadiusConfig> radius(Path usersFile) {
        Path file = RadiusConfig.file(usersFile);
        return radius(name(file), loadIfThere(file, MAX_RADIUS_BYTES));
    }

    private static Parsed<RadiusConfig> radius(String file, String yaml) {
        YamlNode root = tree(file, yaml);
        var problems = new Problems(file, root);
        RadiusConfig radius = RADIUS.read(root, problems);
        problems.addUnlessKnown(ConfigCheck.radius(radius));
        problems.throwIfAny();
        return new Parsed<>(radius, file, yaml, root);
    }

    private static Parsed<List<ProfileConfig>> profiles(Path usersFile) {
        Path file = ProfilesFile.file(usersFile);
        return profiles(name(file), loadIfThere(file, MAX_PROFILES_BYTES));
    }

    private static Parsed<List<ProfileConfig>> profiles(String file, String yaml) {
        return entries(file, yaml, (root, problems) -> PROFILES.read(root, problems).profiles(), ConfigCheck::profiles);
    }

    private static <T> Parsed<List<T>> entries(String file, String yaml,
            BiFunction<YamlNode, Problems, List<T>> reading, Function<List<T>, List<FieldProblem>> check) {
        YamlNode root = tree(file, yaml);
        var problems = new Problems(file, root);
        List<T> entries = reading.apply(root, problems);
        // Positions in the list only agree with the file's when every entry was understood.
        problems.throwIfAny();
        problems.addUnlessKnown(check.apply(entries));
        problems.throwIfAny();
        return new Parsed<>(entries, file, yaml, root);
    }

    private static YamlNode tree(String file, String yaml) {
        try {
            return YamlReader.settings(yaml);
        } catch (YamlException e) {
            throw failure(file, e.line(), e.getMessage());
        }
    }

    /** The text of a file that need not be there; without it, that of one that says nothing. */
    private static String loadIfThere(Path file, int maxBytes) {
        return Files.exists(file) ? load(file, maxBytes) : "";
    }

    private static String load(Path file, int maxBytes) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw failure(name(file), 0, "there is no such file in " + file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw failure(name(file), 0, "cannot be read: " + e);
        }
        if (bytes.length > maxBytes) {
            throw failure(name(file), 0, "is longer than " + maxBytes + " bytes");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw failure(name(file), 0, "is not UTF-8 text");
        }
    }

    private static ConfigException failure(String file, int line, String message) {
        return new ConfigException(List.of(new ConfigError(file, line, new FieldProblem("", message))));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
