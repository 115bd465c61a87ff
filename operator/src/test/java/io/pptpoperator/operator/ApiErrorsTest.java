package io.pptpoperator.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
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
    void noSentenceHasTheNamesOfClasses() {
        var refused = new ConnectException();
        refused.initCause(new ClosedChannelException());

        assertThat(ApiErrors.sentence(new KubernetesClientException(
                "Operation: [list] for kind: [Node] with name:" + " [null] in namespace: [null] failed.",
                new IOException(refused))))
                .isEqualTo("the API server does not answer: the connection was refused, or there is no way there");
        assertThat(ApiErrors.sentence(new CompletionException(new HttpTimeoutException("request timed out"))))
                .isEqualTo("no answer came in time");
        assertThat(ApiErrors.sentence(new SSLHandshakeException("PKIX path building failed")))
                .isEqualTo("the TLS connection failed: PKIX path building failed");
        assertThat(ApiErrors.sentence(new IOException("GET https://10.0.0.1:9723/sessions was answered with 503")))
                .isEqualTo("GET https://10.0.0.1:9723/sessions was answered with 503");
        assertThat(ApiErrors.sentence(new NullPointerException())).as("a mistake of ours").contains("NullPointer");
    }

    @Test
    void whatMayBeOverAtAnyMomentIsAbsence() {
        assertThat(ApiErrors.isAbsence(new KubernetesClientException("no answer"))).isTrue();
        assertThat(ApiErrors.isAbsence(new KubernetesClientException("", 503, null))).isTrue();
        assertThat(ApiErrors.isAbsence(new KubernetesClientException("", 429, null))).isTrue();
        assertThat(ApiErrors.isAbsence(new KubernetesClientException("", 403, null))).isFalse();
        assertThat(ApiErrors.isAbsence(new IllegalStateException("unreadable"))).isFalse();
    }

    @Test
    void aListOfEverythingIsCut() {
        assertThat(ApiErrors.sentence(
                new KubernetesClientException("", 422, new StatusBuilder().withMessage("x".repeat(5000)).build())))
                .hasSize(601)
                .endsWith("x…");
    }
}
