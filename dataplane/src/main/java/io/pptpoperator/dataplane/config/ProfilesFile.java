package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Setting;
import java.nio.file.Path;
import java.util.List;

/** Everything {@code users.profiles.yaml} says. */
public record ProfilesFile(
        @Setting(value = "what users may have who name it", max = "1024") List<ProfileConfig> profiles) {

    /** Copies the list. */
    public ProfilesFile {
        profiles = List.copyOf(profiles);
    }

    /** The file, beside the one with the users. */
    static Path file(Path users) {
        return users.resolveSibling(file(String.valueOf(users.getFileName())));
    }

    /** The name of the file beside one with users. */
    public static String file(String users) {
        return UsersSchema.beside(users, "profiles");
    }
}
