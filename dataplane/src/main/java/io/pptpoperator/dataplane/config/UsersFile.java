package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Setting;
import java.util.List;

/** Everything {@code users.yaml} says. */
record UsersFile(
        // An empty file may be one that is just being written; nobody is thrown out for that.
        @Setting(value = "who may log in", example = "[] for nobody") List<UserConfig> users) {

    /** Copies the list. */
    UsersFile {
        users = List.copyOf(users);
    }
}
