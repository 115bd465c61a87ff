package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.network.NetworkPlan;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Derives from the configuration what the server needs of the network. */
final class NetworkPlans {

    private NetworkPlans() {}

    /**
     * The plan for a configuration.
     *
     * @param leased addresses in use, which stay routed even if the configuration no longer has them
     */
    static NetworkPlan of(Configuration configuration, List<Ipv4Address> leased) {
        ServerConfig.Network network = configuration.server().network();
        AddressPool pool = network.addressPool();
        Set<Ipv4Prefix> clients = new LinkedHashSet<>(pool.toPrefixes());
        strays(configuration, leased).forEach(address -> clients.add(new Ipv4Prefix(address, 32)));
        List<Ipv4Prefix> userNetworks = new ArrayList<>();
        for (UserConfig user : configuration.users()) {
            user.address()
                    .filter(address -> !pool.contains(address))
                    .ifPresent(address -> clients.add(new Ipv4Prefix(address, 32)));
            userNetworks.addAll(user.routes());
        }
        return new NetworkPlan(network.tun(), network.localIP(), network.mtu(), List.copyOf(clients), userNetworks,
                network.nat().enabled(), network.nat().uplink(), network.nat().excludedDestinations(),
                hostOpen(network), network.proxyARP());
    }

    private static List<Ipv4Address> hostOpen(ServerConfig.Network network) {
        return Stream
                .concat(network.dns().stream(), network.hostAccess().stream().flatMap(rule -> rule.address().stream()))
                .distinct()
                .toList();
    }

    /** The addresses in use that the configuration no longer has. */
    static Set<Ipv4Address> strays(Configuration configuration, List<Ipv4Address> leased) {
        AddressPool pool = configuration.server().network().addressPool();
        Set<Ipv4Address> strays = new LinkedHashSet<>(leased);
        strays.removeIf(pool::contains);
        if (!strays.isEmpty()) {
            configuration.users().forEach(user -> user.address().ifPresent(strays::remove));
        }
        return strays;
    }
}
