package io.pptpoperator.kubectl.session;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.pptpoperator.dataplane.adminapi.AdminApi;
import io.pptpoperator.dataplane.adminapi.AdminJson;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.pki.AdminTrust;
import io.pptpoperator.operator.pki.Identity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * Asks a pod's administration port, through a port that the API server forwards. The connection inside is mutual TLS
 * from here to the pod: the API server and the node see nothing of it.
 */
final class AdminPort {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** As the operator reads it: 250 bytes for each of the most sessions that a pod can have. */
    private static final long MAX_ANSWER = 16 << 20;

    private final KubernetesClient client;
    private final Identity identity;
    private final String trusted;

    /**
     * What every pod is asked with.
     *
     * @param identity what is shown to pods
     * @param trusted PEM of the authorities that issue their certificates
     */
    AdminPort(KubernetesClient client, Identity identity, String trusted) {
        this.client = client;
        this.identity = identity;
        this.trusted = trusted;
    }

    /** What kubelets say of a port has the pod's namespace, addresses of both families and programs in it. */
    static String why(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("refused")
                ? "its administration port takes no connections: it has just begun, or is ending"
                : ApiErrors.sentence(failure);
    }

    /**
     * The pod's sessions.
     *
     * @param host what the pod's certificate is made out to
     * @throws IOException when it does not answer, or not as it should
     */
    List<SessionView> sessions(ObjectKey pod, int port, String host) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = ask(pod, port, host, "GET", AdminApi.SESSIONS);
        if (response.statusCode() != 200) {
            throw new IOException("its administration port answers " + response.statusCode());
        }
        return AdminJson.readSessions(response.body());
    }

    /**
     * Ends a session; one that is over already is fine.
     *
     * @param host what the pod's certificate is made out to
     * @throws IOException when the pod does not answer, or not as it should
     */
    void end(ObjectKey pod, int port, String host, String session) throws IOException, InterruptedException {
        int status = ask(pod, port, host, "DELETE", AdminApi.session(session)).statusCode();
        if (status >= 300 && status != 404) {
            throw new IOException("its administration port answers " + status);
        }
    }

    private HttpResponse<byte[]> ask(ObjectKey pod, int port, String host, String method, String path)
            throws IOException, InterruptedException {
        try (LocalPortForward forward = client.pods()
                .inNamespace(pod.namespace())
                .withName(pod.name())
                .portForward(port);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(TIMEOUT)
                        .sslContext(AdminTrust.client(identity, trusted, host))
                        .build()) {
            URI uri = URI.create("https://127.0.0.1:" + forward.getLocalPort() + path);
            try {
                return http.send(
                        HttpRequest.newBuilder(uri)
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .timeout(TIMEOUT)
                                .build(),
                        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER));
            } catch (IOException e) {
                // What was forwarded knows better why nothing came back.
                for (Throwable cause : forward.getServerThrowables()) {
                    throw new IOException(why(cause), e);
                }
                throw new IOException(why(e), e);
            }
        }
    }
}
