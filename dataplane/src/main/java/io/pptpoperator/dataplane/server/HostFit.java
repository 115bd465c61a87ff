package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.FieldProblem;
import io.pptpoperator.dataplane.config.LiveChange;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.network.HostNetworks;
import io.pptpoperator.dataplane.network.ServerNetwork;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of a configuration this host cannot give, because it would lose networks of its own; and the log's lines on it. */
final class HostFit {
    private static final Logger LOG = LoggerFactory.getLogger(HostFit.class);

    private volatile HostNetworks host;
    private volatile List<FittedConfiguration.Skipped> skipped = List.of();

    HostFit(HostNetworks host) {
        this.host = host;
    }

    /** Looks at the host's networks again. */
    void look(ServerNetwork network) {
        try {
            host = network.hostNetworks();
        } catch (LinuxException e) {
            LOG.warn("The last known networks of this host count: {}", e.getMessage());
        }
    }

    /** Which network of this host these addresses would take something from, as the end of a sentence. */
    Optional<String> overlap(Ipv4Prefix wanted) {
        return host.overlap(wanted, false);
    }

    /** Leaves out what users cannot have here, and says so of what it left in before. */
    Configuration fit(Configuration wanted) {
        FittedConfiguration fitted = FittedConfiguration.of(wanted, host);
        fitted.skipped()
                .stream()
                .filter(it -> !skipped.contains(it))
                .forEach(it -> LOG.atWarn()
                        .addKeyValue("user", it.user())
                        .log("The user does not get what was configured: {}", it.reason()));
        skipped = fitted.skipped();
        return fitted.configuration();
    }

    /** What a user does not get, as sentences. For any thread. */
    List<String> skipped(String user) {
        return skipped.stream().filter(it -> it.user().equals(user)).map(FittedConfiguration.Skipped::reason).toList();
    }

    /** Keeps pools out that would take this host's own networks away from it; {@code present} stays then. */
    LiveChange free(LiveChange change, ServerConfig present) {
        Optional<String> overlap = change.config()
                .network()
                .addressPool()
                .toPrefixes()
                .stream()
                .flatMap(prefix -> host.overlap(prefix, change.config().network().proxyARP())
                        .map(it -> prefix + " " + it)
                        .stream())
                .findFirst();
        if (overlap.isEmpty()) {
            return change;
        }
        List<FieldProblem> refused = new ArrayList<>(change.refused());
        refused.add(new FieldProblem("pools", "stays as it is, with all other settings: " + overlap.get()));
        return new LiveChange(present, refused);
    }
}
