package io.pptpoperator.kubectl.doctor;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the doctor looked up about a server.
 *
 * @param server the resource
 * @param pods its pods
 * @param warnings of pods that are not ready the last warning that Kubernetes gave about each, by the pod's name
 * @param reached how its addresses answer
 * @param silentCalls calls of the last hour whose client's GRE never arrived, by the pods' logs
 * @param policies NetworkPolicies that select its pods and are not the operator's
 * @param network the cluster's
 * @param operatorGone whether it is certain that no operator is at work, which is a finding of its own
 * @param user the VpnUser whom the person asks about, if the server concerns it
 */
record ServerExam(PptpServer server, List<Pod> pods, Map<String, String> warnings, List<Reach> reached, int silentCalls,
        List<String> policies, Network network, boolean operatorGone, Optional<String> user) {

    ServerExam {
        pods = List.copyOf(pods);
        warnings = Map.copyOf(warnings);
        reached = List.copyOf(reached);
        policies = List.copyOf(policies);
    }
}
