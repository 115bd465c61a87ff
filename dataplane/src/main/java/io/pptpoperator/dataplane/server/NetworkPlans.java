package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.address.Ipv4Prefix;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.network.NetworkPlan;
import java.util.ArrayList;
import java.util.List;

/** Derives from the configuration what the server needs of the network. */
final class NetworkPlans {

    private NetworkPlans() {}

    static NetworkPlan of(Configuration configuration) {
        ServerConfig.Network network = configuration.server().network();
        List<Ipv4Prefix> clients = new ArrayList<>(network.addressPool().toPrefixes());
        List<Ipv4Prefix> userNetworks = new ArrayList<>();
        for (UserConfig user : configuration.users()) {
            user.address().filter(address -> !network.addressPool().contains(address))
                    .ifPresent(address -> clients.add(new Ipv4Prefix(address, 32)));
            userNetworks.addAll(user.routes());
        }
        return new NetworkPlan(network.tun(), network.localAddress(), network.mtu(), clients, userNetworks,
                network.nat().enabled(), network.nat().uplink(), network.nat().excludeDestinations());
    }
}
