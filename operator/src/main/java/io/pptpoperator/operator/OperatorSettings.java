package io.pptpoperator.operator;

import io.pptpoperator.dataplane.address.Ipv4Address;
import java.util.Optional;
import java.util.Set;

/**
 * What an installation of the operator is told.
 *
 * @param namespace the operator's own namespace, where its lease and its certificates are
 * @param watched the namespaces whose PptpServers and VpnUsers it looks after; none: all
 * @param dataPlaneImage the image of PptpServers that name none
 * @param clusterDns the cluster's name server
 * @param identity what tells this process from others of the installation
 * @param leaderElection whether there may be others
 */
public record OperatorSettings(String namespace, Set<String> watched, String dataPlaneImage,
        Optional<Ipv4Address> clusterDns, String identity, boolean leaderElection) {

    /** Copies the set. */
    public OperatorSettings {
        watched = Set.copyOf(watched);
    }
}
