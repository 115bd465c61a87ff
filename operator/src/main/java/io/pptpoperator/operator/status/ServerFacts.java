package io.pptpoperator.operator.status;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Everything that a PptpServer's status is made of.
 *
 * @param server the resource
 * @param generation the generation of it that was reconciled, or found impossible
 * @param failure what keeps the operator from reconciling it, when something does
 * @param users how many VpnUsers can log in
 * @param rejected the VpnUsers that are left out
 * @param withoutConsent how many VpnUsers of other namespaces are selected and do not agree to be served
 * @param pods its pods
 * @param wantedPods how many there shall be
 * @param poolSize how many addresses its pools have
 * @param withoutShare members for which the pools have no address left
 * @param poolUsed how many of the addresses are in use
 * @param sessions its sessions
 * @param podRefusal why the API server refused the last pod, when there is none
 * @param podWarnings of pods whose container is not made, what Kubernetes last warned of; by the pod's name
 * @param outdated pods that do not run with the rendered configuration yet
 * @param radius what is known of its RADIUS servers; empty when its spec has none
 * @param seesNodes whether the operator may look at nodes
 * @param nodes finds nodes by name
 */
public record ServerFacts(PptpServer server, Long generation, Optional<Failure> failure, int users,
        SequencedMap<ObjectKey, Rejected> rejected, int withoutConsent, List<Pod> pods, int wantedPods, long poolSize,
        int withoutShare, long poolUsed, int sessions, Optional<String> podRefusal, Map<String, String> podWarnings,
        List<String> outdated, Optional<RadiusFacts> radius, boolean seesNodes,
        Function<String, Optional<Node>> nodes) {

    /**
     * What keeps the operator from reconciling a server.
     *
     * @param reason for programs
     * @param message for people
     */
    public record Failure(Reason reason, String message) {

        /** The reasons; their names are part of the API. */
        public enum Reason {
            /** The spec says something impossible. */
            InvalidSpec,
            /** An object that the server needs exists already, and is somebody else's. */
            NameTaken,
            /** The image that pods are to be replaced for cannot be had where they run. */
            ImageNotPulled,
            /** The rendered configuration does not fit into a Secret. */
            ConfigurationTooLarge,
            /** The API server refuses an object. */
            ObjectRefused,
            /** The API server does not manage to do what it is asked, again and again. */
            ApiServerFails,
            /** The resource is on its way out. */
            BeingDeleted
        }
    }
}
