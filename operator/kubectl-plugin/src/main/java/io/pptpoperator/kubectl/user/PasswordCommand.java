package io.pptpoperator.kubectl.user;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.ExitStatus;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.PasswordMark;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code password}: shows or changes a user's password. */
@Command(name = "password", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows a user's password, or changes it. A changed password holds from the next login on,"
                + " within seconds; sessions go on.")
public final class PasswordCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "USER", description = "the VpnUser")
    private String name;

    @ArgGroup
    private Change change;

    /** How the new password comes; at most one of them. */
    static final class Change {

        @Option(names = "--rotate", description = "generate a new password, and print it")
        private boolean rotate;

        @Option(names = "--set", description = "ask for a new password")
        private boolean ask;

        @Option(names = "--stdin", description = "take a new password from the first line of standard input")
        private boolean fromInput;

        private String newPassword(String username) throws IOException {
            if (fromInput) {
                return NewPassword.fromInput();
            }
            return ask ? NewPassword.typed(username) : GeneratedPassword.text(new SecureRandom());
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        try (KubernetesClient client = cluster.connect()) {
            VpnUser user = VpnUsers.get(client, name);
            UserPassword place = UserPassword.of(user);
            if (change == null) {
                out.println(shown(client, place));
                return ExitStatus.OK;
            }
            String password = change.newPassword(user.username());
            write(client, user, place, place.stored(password));
            if (change.rotate) {
                out.println(password);
            }
            command.commandLine().getErr().println("secret/" + place.secret() + " changed");
            return ExitStatus.OK;
        }
    }

    private static String shown(KubernetesClient client, UserPassword place) {
        if (place.hashed()) {
            throw new CommandFailedException("only the NT hash of this password is kept (Secret " + place.secret()
                    + "); --set or --rotate gives the user a new one");
        }
        return place.read(client)
                .orElseThrow(() -> new CommandFailedException("there is no key " + place.key() + " in a Secret "
                        + place.secret() + "; --set or --rotate makes it"));
    }

    /** Whoever wrote the VpnUser may have named a Secret that is there for something else. */
    private static void requireMark(Secret secret) {
        Map<String, String> labels = secret.getMetadata().getLabels();
        boolean operators = labels != null && Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY));
        if (!operators && !PasswordMark.isIn(labels)) {
            throw new CommandFailedException("Secret " + secret.getMetadata().getName()
                    + " is not marked as one for VpnUsers, and was left as it is; if it is one: "
                    + PasswordMark.command(ObjectKey.of(secret)));
        }
    }

    private static void write(KubernetesClient client, VpnUser user, UserPassword place, String value) {
        Secret existing = client.secrets().withName(place.secret()).get();
        if (existing != null) {
            requireMark(existing);
            client.secrets()
                    .withName(place.secret())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), client.getKubernetesSerialization()
                            .asJson(Map.of("stringData", Map.of(place.key(), value))));
        } else if (GeneratedPassword.isWanted(user)) {
            client.resource(GeneratedPassword.secret(user, value)).create();
        } else {
            client.resource(new SecretBuilder().withNewMetadata()
                    .withName(place.secret())
                    .withNamespace(user.getMetadata().getNamespace())
                    .addToLabels(PasswordMark.LABEL, PasswordMark.VALUE)
                    .endMetadata()
                    .withStringData(Map.of(place.key(), value))
                    .build()).create();
        }
    }
}
