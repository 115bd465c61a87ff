package io.pptpoperator.kubectl.doctor;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;
import java.util.List;

/**
 * Everything that the doctor looked up about a server.
 *
 * @param server the resource
 * @param pods its pods
 * @param reached how its addresses answer
 * @param silentCalls calls of the last hour whose client's GRE never arrived, by the pods' logs
 * @param policies NetworkPolicies that select its pods and are not the operator's
 * @param network the cluster's
 */
record ServerExam(PptpServer server, List<Pod> pods, List<Reach> reached, int silentCalls,
        List<String> policies,
        Network network) {

    ServerExam {
        pods = List.copyOf(pods);
        reached = List.copyOf(reached);
        policies = List.copyOf(policies);
    }
}
