package io.pptpoperator.kubectl.doctor;

import java.util.Optional;

/**
 * What the cluster's network does to GRE, as far as its objects tell.
 *
 * @param plugin the network plugin, when it could be found out
 * @param extendedProtocols with Cilium: whether it lets protocols through that it does not know
 * @param hostFirewall with Cilium: whether it filters the nodes' own traffic
 */
record Network(Optional<String> plugin, Optional<Boolean> extendedProtocols, Optional<Boolean> hostFirewall) {

    static final Network UNKNOWN = new Network(Optional.empty(), Optional.empty(), Optional.empty());

    boolean isCilium() {
        return plugin.filter("cilium"::equals).isPresent();
    }
}
