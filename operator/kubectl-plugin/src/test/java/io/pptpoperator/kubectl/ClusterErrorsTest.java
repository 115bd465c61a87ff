package io.pptpoperator.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ClusterErrorsTest {

    private static String unanswered(IOException cause) {
        return ClusterErrors.explain(new KubernetesClientException("Operation: [get] failed.", new IOException(cause)));
    }

    private static String answered(int code, String message) {
        return ClusterErrors.explain(new KubernetesClientException(message, code,
                new StatusBuilder().withCode(code).withMessage(message).build()));
    }

    @Test
    void silenceIsExplainedByItsCause() {
        assertThat(unanswered(new ConnectException())).startsWith("the API server does not answer");
        assertThat(unanswered(new UnknownHostException("k8s.invalid")))
                .isEqualTo("the API server's name does not resolve: k8s.invalid");
        assertThat(unanswered(new SSLHandshakeException("unknown authority")))
                .isEqualTo("the API server cannot be trusted: unknown authority");
    }

    @Test
    void refusalsAreExplained() {
        assertThat(answered(401, "Unauthorized")).startsWith("the cluster does not know you (401)");
        assertThat(answered(403, "pods is forbidden")).startsWith("you lack a right: pods is forbidden");
        assertThat(answered(404, "page not found")).endsWith("install pptp-operator first");
        assertThat(answered(422, "VpnUser is invalid")).isEqualTo("VpnUser is invalid");
    }
}
