package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.network.HostNetworks;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A configuration without those addresses and routes of users that this host itself reaches: one user's entry must
 * neither cut the host off from its neighbours, nor keep everybody else from being served.
 *
 * @param configuration what to run with
 * @param skipped what was left out
 */
record FittedConfiguration(Configuration configuration, List<Skipped> skipped) {

    /**
     * Something that a user does not get.
     *
     * @param user the user's name
     * @param reason what and why, as a sentence
     */
    record Skipped(String user, String reason) {}

    static FittedConfiguration of(Configuration wanted, HostNetworks host) {
        AddressPool pool = wanted.server().network().addressPool();
        List<Skipped> skipped = new ArrayList<>();
        boolean proxyArp = wanted.server().network().proxyARP();
        List<UserConfig> users = wanted.users().stream().map(user -> fit(user, pool, host, proxyArp, skipped)).toList();
        return new FittedConfiguration(wanted.with(users), List.copyOf(skipped));
    }

    private static UserConfig fit(UserConfig user, AddressPool pool, HostNetworks host, boolean proxyArp,
            List<Skipped> skipped) {
        Optional<Ipv4Address> address = user.address()
                .filter(it -> pool.contains(it) || isFree(user, "address " + it, new Ipv4Prefix(it, 32),
                        "an address of the pools is given instead", host, proxyArp, skipped));
        List<Ipv4Prefix> routes = user.routes()
                .stream()
                .filter(it -> isFree(user, "route " + it, it, "this network is not routed to the client", host, false,
                        skipped))
                .toList();
        return user.with(address, routes);
    }

    private static boolean isFree(UserConfig user, String what, Ipv4Prefix wanted, String consequence,
            HostNetworks host, boolean proxyArp, List<Skipped> skipped) {
        Optional<String> overlap = host.overlap(wanted, proxyArp);
        overlap.ifPresent(it -> skipped.add(new Skipped(user.username(), what + " " + it + ": " + consequence)));
        return overlap.isEmpty();
    }
}
