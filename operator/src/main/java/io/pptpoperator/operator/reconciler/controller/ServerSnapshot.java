package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.lending.Lending;
import io.pptpoperator.operator.lending.LendingRecord;
import io.pptpoperator.operator.roster.NamespaceLookup;
import io.pptpoperator.operator.roster.SecretLookup;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a pass sees of a server before it works out what shall be; looked at once, so that all of it is of one moment.
 *
 * @param server the resource
 * @param before what was made of it last time
 * @param pods its pods whose part of the configuration is known
 * @param trials pods that try the image which its pods are to have; empty where the cluster takes none
 * @param applied whether all that are ready run with the files that were written last
 * @param workload its StatefulSet or DaemonSet, whichever the spec names, if it is there
 * @param record what the configuration Secret says of the pools
 * @param lending who may lend which address next
 * @param users all VpnUsers
 * @param profiles all VpnProfiles
 * @param secrets finds what they read
 * @param radiusSecrets finds what the server reads for RADIUS
 * @param namespaces finds what their namespaces agree to
 * @param nodes all of the cluster; none when the operator may not see them
 * @param clusterDns the cluster's name server, when it is known
 * @param now when all that was so
 */
record ServerSnapshot(PptpServer server, ServerState before, List<Pod> pods, Optional<List<Pod>> trials,
        boolean applied, Optional<HasMetadata> workload, LendingRecord record, Lending lending, List<VpnUser> users,
        List<VpnProfile> profiles, SecretLookup secrets, SecretLookup radiusSecrets, NamespaceLookup namespaces,
        List<Node> nodes, Optional<Ipv4Address> clusterDns, Instant now) {

    /** Copies the lists. */
    ServerSnapshot {
        pods = List.copyOf(pods);
        nodes = List.copyOf(nodes);
        users = List.copyOf(users);
        profiles = List.copyOf(profiles);
    }

    /** The same where images cannot be tried. */
    ServerSnapshot withoutTrials() {
        return new ServerSnapshot(server, before, pods, Optional.empty(), applied, workload, record, lending, users,
                profiles, secrets, radiusSecrets, namespaces, nodes, clusterDns, now);
    }
}
