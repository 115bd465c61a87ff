package io.pptpoperator.kubectl;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.ApiErrors;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What an API server's refusal, or its silence, means. */
public final class ClusterErrors {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private ClusterErrors() {}

    /** Whether the person lacks a right. */
    public static boolean isForbidden(KubernetesClientException failure) {
        return failure.getCode() == FORBIDDEN;
    }

    /** A sentence for people. */
    public static String explain(KubernetesClientException failure) {
        return switch (failure.getCode()) {
            case UNAUTHORIZED ->
                "the cluster does not know you (401): the credentials of your kubeconfig have expired or"
                        + " are not for this cluster";
            case FORBIDDEN -> "you lack a right: " + statusMessage(failure)
                    + "\n  docs/kubectl-plugin.md lists what each command needs";
            case NOT_FOUND -> failure.getStatus() == null || failure.getStatus().getDetails() == null
                    || failure.getStatus().getDetails().getName() == null
                            ? "this cluster does not have the resources PptpServer and VpnUser: install pptp-operator first"
                            : statusMessage(failure);
            // Nothing was answered at all when the code is none of HTTP's.
            default -> failure.getCode() > 0 ? statusMessage(failure) : unreachable(failure);
        };
    }

    private static String statusMessage(KubernetesClientException failure) {
        return failure.getStatus() != null && failure.getStatus().getMessage() != null
                ? failure.getStatus().getMessage()
                : ApiErrors.sentence(failure);
    }

    private static String unreachable(KubernetesClientException failure) {
        return cause(failure, UnknownHostException.class)
                .map(it -> "the API server's name does not resolve: " + it.getMessage())
                .or(() -> cause(failure, SSLException.class)
                        .map(it -> "the API server cannot be trusted: " + it.getMessage()))
                .or(() -> cause(failure, ConnectException.class)
                        .map(it -> "the API server does not answer: is your kubeconfig's cluster running, and reachable"
                                + " from here?"))
                .orElse(ApiErrors.sentence(failure));
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
        }
        return Optional.empty();
    }
}
