package io.pptpoperator.kubectl.profile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.kubectl.ClusterOptions;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.ExitStatus;
import io.pptpoperator.kubectl.PptpServers;
import io.pptpoperator.kubectl.user.UserPassword;
import io.pptpoperator.kubectl.user.VpnUsers;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code profile}: settings for a user's devices. */
@Command(name = "profile", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Prints what to paste on a user's device so that it can connect.")
public final class ProfileCommand implements Callable<Integer> {

    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z]([-.0-9A-Za-z]*[0-9A-Za-z])?");

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "USER", description = "the VpnUser")
    private String name;

    @Option(names = "--device", paramLabel = "DEVICE", converter = DeviceText.class,
            completionCandidates = DeviceNames.class, description = "${COMPLETION-CANDIDATES} (default: all of them)")
    private Device device;

    @Option(names = "--server", paramLabel = "SERVER",
            description = "PptpServer, as NAME or NAMESPACE/NAME (default: the one that takes the user)")
    private String server;

    @Option(names = "--address", paramLabel = "HOST", description = "what to dial (default: the server's address)")
    private String address;

    @Option(names = "--with-password", description = "put the password in: whoever sees the output can log in")
    private boolean withPassword;

    @Option(names = "--all-traffic",
            description = "send everything through the tunnel, also where the server allows some networks only")
    private boolean allTraffic;

    /** The devices by their labels. */
    static final class DeviceNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Device.values()).map(Device::label).iterator();
        }
    }

    /** Reads a device's label. */
    static final class DeviceText implements ITypeConverter<Device> {

        @Override
        public Device convert(String text) {
            return Arrays.stream(Device.values())
                    .filter(it -> it.label().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of "
                            + Arrays.stream(Device.values()).map(Device::label).collect(Collectors.joining(", "))));
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        try (KubernetesClient client = cluster.connect()) {
            VpnUser user = VpnUsers.get(client, name);
            PptpServer found = server(client, user);
            DialSettings dial = DialSettings.of(found, user, checkedAddress(found), password(client, user),
                    allTraffic ? List.of() : destinations(found));
            if (device != null) {
                out.print(device.text(dial));
            } else {
                out.print(Arrays.stream(Device.values())
                        .map(it -> "## " + it.heading() + "\n\n" + it.text(dial))
                        .collect(Collectors.joining("\n")));
            }
            out.flush();
            return ExitStatus.OK;
        }
    }

    private PptpServer server(KubernetesClient client, VpnUser user) {
        List<String> accepted = Optional.ofNullable(user.getStatus()).map(VpnUserStatus::servers).orElse(List.of());
        if (server == null && accepted.size() != 1) {
            throw new CommandFailedException(accepted.isEmpty()
                    ? "no PptpServer takes " + name + " ('kubectl pptp doctor --user " + name
                            + "' says why); --server names one all the same"
                    : name + " can use several servers; choose with --server: " + String.join(", ", accepted));
        }
        String chosen = server == null ? accepted.getFirst() : server;
        return PptpServers.get(client, chosen);
    }

    /** Older CRDs let anything be an address; what is printed here is pasted into root's shell. */
    private String checkedAddress(PptpServer found) {
        String text = address(found);
        if (!HOST.matcher(text).matches()) {
            throw new CommandFailedException("'" + text + "' is neither a host name nor an IPv4 address;"
                    + " --address with one would be right");
        }
        return text;
    }

    private String address(PptpServer found) {
        if (address != null) {
            return address;
        }
        return Optional.ofNullable(found.getStatus())
                .map(status -> status.address())
                .orElseThrow(() -> new CommandFailedException("PptpServer " + found.getMetadata().getName()
                        + " has no address yet; --address says what to dial"));
    }

    private Optional<String> password(KubernetesClient client, VpnUser user) {
        if (!withPassword) {
            return Optional.empty();
        }
        UserPassword place = UserPassword.of(user);
        if (place.hashed()) {
            throw new CommandFailedException("--with-password: only the NT hash of this password is kept");
        }
        return Optional.of(place.read(client)
                .orElseThrow(() -> new CommandFailedException(
                        "--with-password: there is no key " + place.key() + " in a Secret " + place.secret())));
    }

    /** Without a list, clients may send everything through the server, and do. */
    private static List<Ipv4Prefix> destinations(PptpServer found) {
        var destinations = new ArrayList<Ipv4Prefix>();
        found.getSpec().allowedDestinations().forEach(network -> destinations.add(Ipv4Prefix.parse(network)));
        return destinations;
    }
}
