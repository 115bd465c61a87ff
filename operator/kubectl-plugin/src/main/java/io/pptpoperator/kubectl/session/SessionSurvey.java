package io.pptpoperator.kubectl.session;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterErrors;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.pki.Identity;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.resource.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds out who is connected: from the pods themselves where the person may ask them, or else from the status of the
 * VpnUsers, which knows the newest session of each, a few seconds old and without traffic.
 */
final class SessionSurvey {

    /** Where an installation puts the operator when nobody says otherwise. */
    private static final String USUAL_NAMESPACE = "pptp-system";
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private final KubernetesClient client;
    private final boolean everywhere;
    private final Optional<String> operatorNamespace;
    private final Consumer<String> notes;

    /**
     * A survey of a namespace, or of all.
     *
     * @param operatorNamespace where the operator runs, if the person said so
     * @param notes takes sentences about what could not be found out
     */
    SessionSurvey(KubernetesClient client, boolean everywhere, Optional<String> operatorNamespace,
            Consumer<String> notes) {
        this.client = client;
        this.everywhere = everywhere;
        this.operatorNamespace = operatorNamespace;
        this.notes = notes;
    }

    /** All sessions that can be seen. */
    List<SessionRow> sessions() throws InterruptedException {
        Optional<AdminPort> port = adminPort();
        List<Asked> pods = port.isPresent() ? pods() : List.of();
        if (port.isEmpty()) {
            return fromStatus();
        }
        var found = new ConcurrentLinkedQueue<SessionRow>();
        var failures = new ConcurrentLinkedQueue<String>();
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            pods.forEach(pod -> calls.execute(() -> ask(port.get(), pod, found, failures)));
        }
        if (!failures.isEmpty()) {
            failures.stream().sorted().forEach(notes);
            notes.accept(
                    "some pods do not answer; what follows is from the VpnUsers' status: the newest session of"
                            + " each user, without traffic");
            return fromStatus();
        }
        return new ArrayList<>(found);
    }

    private record Asked(ObjectKey server, ObjectKey pod, int port, String host) {}

    private void ask(AdminPort port, Asked asked, ConcurrentLinkedQueue<SessionRow> found,
            ConcurrentLinkedQueue<String> failures) {
        try {
            port.sessions(asked.pod, asked.port, asked.host)
                    .forEach(view -> found.add(SessionRow.of(asked.server, asked.pod.name(), view)));
        } catch (KubernetesClientException e) {
            failures.add("pod " + asked.pod + ": " + ClusterErrors.explain(e));
        } catch (IOException e) {
            failures.add("pod " + asked.pod + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<SessionRow> fromStatus() {
        List<VpnUser> users = everywhere
                ? client.resources(VpnUser.class).inAnyNamespace().list().getItems()
                : client.resources(VpnUser.class).list().getItems();
        return users.stream().map(SessionRow::of).flatMap(Optional::stream).toList();
    }

    private List<Asked> pods() {
        return servers().stream().flatMap(server -> client.pods()
                .inNamespace(server.getMetadata().getNamespace()).withLabels(Labels.selector(server)).list()
                .getItems()
                .stream().filter(SessionSurvey::isRunning).map(pod -> new Asked(ObjectKey.of(server),
                        ObjectKey.of(pod), server.getSpec().adminPort(), Names.adminHost(server))))
                .toList();
    }

    private static boolean isRunning(Pod pod) {
        return pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase());
    }

    private List<PptpServer> servers() {
        return everywhere
                ? client.resources(PptpServer.class).inAnyNamespace().list().getItems()
                : client.resources(PptpServer.class).list().getItems();
    }

    private Optional<AdminPort> adminPort() {
        String namespace = operatorNamespace.or(this::guessedNamespace).orElse(USUAL_NAMESPACE);
        String missing;
        try {
            Secret secret = client.secrets().inNamespace(namespace).withName(PkiStore.PEOPLES_SECRET).get();
            if (secret != null) {
                Map<String, String> files = PkiStore.decode(secret);
                return Optional
                        .of(new AdminPort(client, new Identity(files.get("tls.crt"), files.get("tls.key")),
                                files.get("ca.crt")));
            }
            missing = "there is no Secret " + PkiStore.PEOPLES_SECRET + " in namespace " + namespace
                    + " (--operator-namespace names another one)";
        } catch (KubernetesClientException e) {
            if (!ClusterErrors.isForbidden(e)) {
                throw e;
            }
            missing = "you may not read Secret " + PkiStore.PEOPLES_SECRET + " of namespace " + namespace
                    + " (Role pptp-operator-sessions allows it)";
        }
        notes.accept(
                "traffic is not known: " + missing + "; what follows is from the VpnUsers' status: the newest"
                        + " session of each user");
        return Optional.empty();
    }

    /** A server's NetworkPolicy lets the operator in, and so names its namespace. */
    private Optional<String> guessedNamespace() {
        try {
            List<NetworkPolicy> policies = everywhere
                    ? client.network().v1().networkPolicies().inAnyNamespace().withLabels(Labels.common())
                            .list()
                            .getItems()
                    : client.network().v1().networkPolicies().withLabels(Labels.common()).list().getItems();
            return policies.stream().flatMap(policy -> policy.getSpec().getIngress().stream())
                    .flatMap(rule -> rule.getFrom() == null ? Stream.empty() : rule.getFrom().stream())
                    .filter(peer -> peer.getNamespaceSelector() != null)
                    .map(peer -> peer.getNamespaceSelector().getMatchLabels().get(NAMESPACE_NAME))
                    .filter(it -> it != null).findFirst();
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }
}
