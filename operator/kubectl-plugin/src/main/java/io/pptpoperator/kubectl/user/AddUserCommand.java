package io.pptpoperator.kubectl.user;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.RateLimit;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec;
import io.pptpoperator.crds.VpnUserSpec.ServerReference;
import io.pptpoperator.kubectl.ClusterErrors;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.ExitStatus;
import io.pptpoperator.kubectl.PptpServers;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.resource.Owners;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.protocol.rate.BitRate;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code add-user}: makes a VpnUser and the Secret with its password. */
@Command(name = "add-user", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Adds a VpnUser with a generated password, and prints the password once. Afterwards it is"
                + " in a Secret that belongs to the VpnUser.")
public final class AddUserCommand implements Callable<Integer> {

    private static final int CONFLICT = 409;

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "NAME", description = "name of the VpnUser")
    private String name;

    @Option(names = "--username", paramLabel = "TEXT", description = "what the client logs in with (default: NAME)")
    private String username;

    @Option(names = "--server", paramLabel = "SERVER",
            description = "PptpServer that the user may use, as NAME or NAMESPACE/NAME; may be repeated (default: every one that selects the user)")
    private List<String> servers = List.of();

    @Option(names = "--profile", paramLabel = "PROFILE",
            description = "VpnProfile that says what the user may have (default: the server's users.defaultProfile)")
    private String profile;

    @Option(names = "--address", paramLabel = "IP", description = "address that the user always gets")
    private String address;

    @Option(names = "--valid-until", converter = Time.class, paramLabel = "TIME",
            description = "when the user's time is over, such as 2030-01-01T00:00:00Z")
    private Instant validUntil;

    @Option(names = "--route", paramLabel = "CIDR", description = "network behind the client; may be repeated")
    private List<String> routes = List.of();

    @Option(names = "--sessions", paramLabel = "N",
            description = "sessions at once; 0: any number (default: what the server says)")
    private Integer sessions;

    @Option(names = "--upload", paramLabel = "RATE", converter = Rate.class,
            description = "bits per second from the client, such as 2M (default: any)")
    private String upload;

    @Option(names = "--download", paramLabel = "RATE", converter = Rate.class,
            description = "bits per second to the client, such as 10M (default: any)")
    private String download;

    @Option(names = {"-l", "--label"}, paramLabel = "KEY=VALUE", description = "label of the VpnUser; may be repeated")
    private Map<String, String> labels = Map.of();

    @Option(names = "--stdin",
            description = "take the password from the first line of standard input instead of generating one")
    private boolean fromInput;

    @Option(names = "--ask", description = "ask for the password instead of generating one")
    private boolean ask;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        String password = ask
                ? NewPassword.typed(name)
                : fromInput ? NewPassword.fromInput() : GeneratedPassword.text(new SecureRandom());
        try (KubernetesClient client = cluster.connect()) {
            servers.forEach(server -> PptpServers.requireThere(client, server));
            requireProfile(client);
            VpnUser user = create(client);
            keepPassword(client, user, password);
            out.println("vpnuser.pptp-operator.io/" + name + " created");
            out.println("Username: " + user.username());
            if (!fromInput && !ask) {
                out.println("Password: " + password);
            }
            return ExitStatus.OK;
        }
    }

    /** A user of servers of other namespaces needs it there, which is for them to say. */
    private void requireProfile(KubernetesClient client) {
        boolean served = servers.isEmpty() || servers.stream().anyMatch(it -> !it.contains("/"));
        if (profile == null || !served) {
            return;
        }
        List<String> there = client.resources(VpnProfile.class)
                .list()
                .getItems()
                .stream()
                .map(it -> it.getMetadata().getName())
                .sorted()
                .toList();
        if (!there.isEmpty() && !there.contains(profile)) {
            throw new CommandFailedException("there is no VpnProfile " + profile + " in namespace "
                    + client.getNamespace() + "; there is " + String.join(", ", there));
        }
    }

    /** Whatever else may have that name is not overwritten. */
    private void requireOwn(VpnUser user, Secret existing) {
        if (existing != null && !Owners.isOwnedBy(existing, user)) {
            throw new CommandFailedException("VpnUser " + name + " was created, but there is a Secret "
                    + existing.getMetadata().getName() + " that is not its own, and was left as it is; if it holds the"
                    + " user's password: " + PasswordMark.command(ObjectKey.of(existing)));
        }
    }

    /** Reads what a VpnUser's validUntil takes. */
    static final class Time implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("'" + text + "' is not a time such as 2030-01-01T00:00:00Z"
                        + (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")
                                ? "; for the end of that day in UTC, " + text + "T23:59:59Z would be right"
                                : ""));
            }
        }
    }

    /** Reads what a VpnUser's rateLimit takes. */
    static final class Rate implements ITypeConverter<String> {

        @Override
        public String convert(String text) {
            try {
                return BitRate.parse(text).toString();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private VpnUser create(KubernetesClient client) {
        try {
            return client.resource(user(client.getNamespace())).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                throw new CommandFailedException(
                        "there is a VpnUser " + name + " already; 'kubectl pptp password' changes its password");
            }
            throw e;
        }
    }

    private VpnUser user(String namespace) {
        var user = new VpnUser();
        user.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(namespace).withLabels(labels).build());
        user.setSpec(new VpnUserSpec(username, null, null, servers.stream().map(AddUserCommand::reference).toList(),
                address, null, validUntil, null, routes, sessions,
                upload == null && download == null ? null : new RateLimit(upload, download, null), profile));
        return user;
    }

    private static ServerReference reference(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new ServerReference(text, null)
                : new ServerReference(text.substring(slash + 1), text.substring(0, slash));
    }

    /**
     * The Secret in which the operator looks for a password of its own making, and which goes with the user. The
     * operator may have made it in between; what is printed here is what holds.
     */
    private void keepPassword(KubernetesClient client, VpnUser user, String password) {
        try {
            requireOwn(user, client.secrets().withName(GeneratedPassword.secretName(user)).get());
            client.resource(GeneratedPassword.secret(user, password))
                    .fieldManager("kubectl-pptp")
                    .forceConflicts()
                    .serverSideApply();
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                throw new CommandFailedException("VpnUser " + name + " was created, but its password could not be"
                        + " put into the Secret " + GeneratedPassword.secretName(user) + ": " + ClusterErrors.explain(e)
                        + "; 'kubectl pptp password " + name + " --rotate' tries again");
            }
            throw e;
        }
    }
}
