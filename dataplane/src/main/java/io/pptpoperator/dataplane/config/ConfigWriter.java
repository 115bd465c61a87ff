package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.yaml.YamlWriter;
import java.util.List;

/**
 * Writes configurations as YAML that {@link ConfigReader} reads back: every setting that is not at its default, in the
 * order of the records, so that equal configurations have equal texts. Without the others a data plane of an older
 * version reads the text too, unless it uses a setting that came later; so a default, once released, has to stay.
 */
public final class ConfigWriter {

    private ConfigWriter() {}

    /** The text of {@code server.yaml}. */
    public static String writeServer(ServerConfig server) {
        return YamlWriter.file(Section.of(ServerConfig.class).write(server));
    }

    /** The text of {@code users.yaml}; it holds the users' secrets. */
    public static String writeUsers(List<UserConfig> users) {
        return YamlWriter.file(Section.of(UsersFile.class).write(new UsersFile(users)));
    }

    /** The text of {@code users.profiles.yaml}. */
    public static String writeProfiles(List<ProfileConfig> profiles) {
        return YamlWriter.file(Section.of(ProfilesFile.class).write(new ProfilesFile(profiles)));
    }

    /** The text of {@code users.radius.yaml}; it holds secrets. */
    public static String writeRadius(RadiusConfig radius) {
        return YamlWriter.file(Section.of(RadiusConfig.class).write(radius));
    }
}
