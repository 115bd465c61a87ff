package io.pptpoperator.operator;

import io.pptpoperator.protocol.address.Ipv4Address;
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
 * @param scrapers namespaces besides the operator's own whose pods may reach the servers' administration ports
 */
public record OperatorSettings(String namespace, Set<String> watched, String dataPlaneImage,
        Optional<Ipv4Address> clusterDns, String identity, boolean leaderElection, Set<String> scrapers) {

    /** Copies the sets. */
    public OperatorSettings {
        watched = Set.copyOf(watched);
        scrapers = Set.copyOf(scrapers);
    }
}
