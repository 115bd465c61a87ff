package io.pptpoperator.kubectl.user;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec.SecretKey;
import io.pptpoperator.dataplane.config.ConfigCheck;
import io.pptpoperator.dataplane.config.FieldProblem;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.operator.SecretTexts;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's password is kept.
 *
 * @param secret the Secret's name
 * @param key its key
 * @param hashed whether it is only the NT hash of the password
 */
public record UserPassword(String secret, String key, boolean hashed) {

    /** Where the operator looks for a user's password. */
    public static UserPassword of(VpnUser user) {
        if (user.getSpec().ntHash() != null) {
            SecretKey reference = user.getSpec().ntHash().secretKeyRef();
            return new UserPassword(reference.name(), reference.key(), true);
        }
        SecretKey reference = user.getSpec().password() == null
                ? GeneratedPassword.source(user).secretKeyRef()
                : user.getSpec().password().secretKeyRef();
        return new UserPassword(reference.name(), reference.key(), false);
    }

    /**
     * A password that a server would take, as it was given.
     *
     * @throws CommandFailedException when it would not; the message does not quote it
     */
    static String checked(String password) {
        List<FieldProblem> problems = ConfigCheck
                .users(List.of(UserConfig.withDefaults("user", new Credentials.Password(password))));
        if (!problems.isEmpty()) {
            throw new CommandFailedException("password: " + problems.getFirst().message());
        }
        return password;
    }

    /** What the Secret has to hold for a password. */
    String stored(String password) {
        return hashed ? HexFormat.of().formatHex(MsChap.ntPasswordHash(password)) : password;
    }

    /** The password, when its Secret is there and holds more than its hash. */
    public Optional<String> read(KubernetesClient client) {
        Secret found = client.secrets().withName(secret).get();
        return Optional.ofNullable(found).map(it -> text(SecretTexts.of(it)));
    }

    /** What the operator makes of the value: a line feed at its end is {@code kubectl create secret}'s. */
    private String text(Map<String, String> files) {
        String value = files.get(key);
        return value == null || !value.endsWith("\n") ? value : value.substring(0, value.length() - 1);
    }
}
