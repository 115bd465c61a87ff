package io.pptpoperator.operator.roster;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a user agrees to be served from another namespace. What a server is told of its users, the hashes of their
 * passwords above all, whoever may read Secrets beside it can read; so that it selects a user is not enough. A user
 * agrees by naming the server, and a namespace for all of its users by a label that names the server's namespace.
 */
public final class Consent {

    /** A namespace's label is this with the name of the namespace of servers behind it. */
    public static final String LABEL_PREFIX = "served-by.pptp-operator.io/";
    /** The one value that counts. */
    public static final String VALUE = "true";

    private Consent() {}

    /** Whether a server may serve a user that is meant for it. */
    public static boolean isGiven(PptpServer server, VpnUser user, NamespaceLookup namespaces) {
        return isAtHome(server, user) || isNamed(server, user)
                || namespaces.labels(user.getMetadata().getNamespace())
                        .filter(labels -> isIn(labels, server))
                        .isPresent();
    }

    private static boolean isAtHome(PptpServer server, VpnUser user) {
        return server.getMetadata().getNamespace().equals(user.getMetadata().getNamespace());
    }

    private static boolean isNamed(PptpServer server, VpnUser user) {
        return !user.getSpec().servers().isEmpty() && UserSelector.names(user, ObjectKey.of(server));
    }

    private static boolean isIn(Map<String, String> labels, PptpServer server) {
        return VALUE.equals(labels.get(LABEL_PREFIX + server.getMetadata().getNamespace()));
    }

    /** What is missing, and what would be right, for the user's side; a sentence about the server. */
    public static String refusal(ObjectKey server, String namespace, NamespaceLookup namespaces) {
        String named = "it is in another namespace, and this VpnUser does not agree to be served from there: either"
                + " name it in spec.servers ({namespace: " + server.namespace() + ", name: " + server.name() + "})";
        Optional<Map<String, String>> seen = namespaces.labels(namespace);
        String label = LABEL_PREFIX + server.namespace() + "=" + VALUE;
        return named + (seen.isPresent()
                ? ", or label the namespace: kubectl label namespace " + namespace + " " + label
                : "; the label " + label + " of the namespace would do as well, but the operator may not see"
                        + " namespaces (ClusterRole pptp-operator-namespaces)");
    }
}
