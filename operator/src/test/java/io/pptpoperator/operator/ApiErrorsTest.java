package io.pptpoperator.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class ApiErrorsTest {

    @Test
    void whatTheApiServerSaidIsTheSentence() {
        var refusal = new KubernetesClientException(
                "Failure executing: PATCH at: https://10.0.0.1/... . Received status: "
                        + "Status(apiVersion=v1, code=403, details=null)",
                403,
                new StatusBuilder().withCode(403)
                        .withMessage("pods \"a\" is forbidden: exceeded quota:\n  vpn")
                        .build());

        assertThat(ApiErrors.sentence(refusal)).isEqualTo("pods \"a\" is forbidden: exceeded quota: vpn");
    }

    @Test
    void withoutAnAnswerWhatKeptItIsTheSentence() {
        assertThat(ApiErrors.sentence(new KubernetesClientException("Operation: [list] for kind: [Node] failed.",
                new IOException("wrapped", new ConnectException("Connection refused")))))
                .isEqualTo("the API server does not answer: Connection refused");
        assertThat(ApiErrors.sentence(new KubernetesClientException("An error", 502, null)))
                .isEqualTo("the API server answers 502");
    }

    @Test
    void aListOfEverythingIsCut() {
        assertThat(ApiErrors.sentence(
                new KubernetesClientException("", 422, new StatusBuilder().withMessage("x".repeat(5000)).build())))
                .hasSize(601)
                .endsWith("x…");
    }
}
