package io.pptpoperator.kubectl.session;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterErrors;
import io.pptpoperator.kubectl.CommandFailedException;
import io.pptpoperator.kubectl.installation.OperatorNamespace;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.SecretTexts;
import io.pptpoperator.operator.pki.Identity;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.ServerObjects;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds out who is connected: from the pods themselves where the person may ask them, or else from the status of the
 * VpnUsers, which knows the newest session of each, a few seconds old and without traffic.
 */
final class SessionSurvey {

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
        if (port.isEmpty()) {
            return fromStatus();
        }
        List<Asked> pods = pods();
        var answers = new ConcurrentHashMap<ObjectKey, List<SessionRow>>();
        var failures = new ConcurrentSkipListMap<ObjectKey, String>();
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            pods.forEach(pod -> calls.execute(() -> ask(port.get(), pod, answers, failures)));
        }
        failures.forEach((pod, why) -> notes.accept("pod " + pod + " does not answer (" + why
                + "); its sessions are shown as the VpnUsers' status has them: the newest one of each user, without"
                + " traffic"));
        return failures.isEmpty() ? answered(answers) : together(answers, fromStatus());
    }

    /**
     * Ends sessions at their pods.
     *
     * @param sessions as the pods told
     * @throws CommandFailedException when the person may not, or a pod does not answer
     */
    void end(List<SessionRow> sessions) throws InterruptedException {
        AdminPort port = adminPort().orElseThrow(() -> new CommandFailedException("sessions of users without a VpnUser"
                + " are ended at their pods, which needs the certificate that the note is about"));
        List<Asked> pods = pods();
        for (SessionRow session : sessions) {
            Asked pod = pods.stream()
                    .filter(it -> it.pod.equals(new ObjectKey(session.namespace(), session.pod())))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailedException("pod " + session.pod() + " is not there any more"));
            try {
                port.end(pod.pod, pod.port, pod.host, session.id());
            } catch (IOException e) {
                throw new CommandFailedException("pod " + session.pod() + " does not answer (" + ApiErrors.sentence(e)
                        + "); the session of " + session.user() + " from " + session.from() + " goes on");
            }
        }
    }

    private static List<SessionRow> answered(Map<ObjectKey, List<SessionRow>> answers) {
        return answers.values().stream().flatMap(List::stream).toList();
    }

    /** What pods answered, and of those that did not what the status knows. */
    static List<SessionRow> together(Map<ObjectKey, List<SessionRow>> answers, List<SessionRow> status) {
        return Stream
                .concat(answered(answers).stream(),
                        status.stream().filter(row -> !answers.containsKey(new ObjectKey(row.namespace(), row.pod()))))
                .toList();
    }

    private record Asked(ObjectKey server, ObjectKey pod, int port, String host) {}

    private static void ask(AdminPort port, Asked asked, Map<ObjectKey, List<SessionRow>> answers,
            Map<ObjectKey, String> failures) {
        try {
            answers.put(asked.pod,
                    port.sessions(asked.pod, asked.port, asked.host)
                            .stream()
                            .map(view -> SessionRow.of(asked.server, asked.pod.name(), view))
                            .toList());
        } catch (KubernetesClientException e) {
            failures.put(asked.pod, ClusterErrors.explain(e));
        } catch (IOException e) {
            failures.put(asked.pod, ApiErrors.sentence(e));
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
        return servers().stream()
                .flatMap(server -> client.pods()
                        .inNamespace(server.getMetadata().getNamespace())
                        .withLabels(Labels.selector(server))
                        .list()
                        .getItems()
                        .stream()
                        .filter(SessionSurvey::isRunning)
                        .map(pod -> new Asked(ObjectKey.of(server), ObjectKey.of(pod),
                                ServerObjects.adminPort(server, pod), Names.adminHost(server))))
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
        String namespace = OperatorNamespace
                .find(client, operatorNamespace, everywhere ? Optional.empty() : Optional.of(client.getNamespace()))
                .name();
        String missing;
        try {
            Secret secret = client.secrets().inNamespace(namespace).withName(PkiStore.PEOPLES_SECRET).get();
            if (secret != null) {
                Map<String, String> files = SecretTexts.of(secret);
                return Optional.of(new AdminPort(client, new Identity(files.get("tls.crt"), files.get("tls.key")),
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
        notes.accept("traffic is not known: " + missing + "; what follows is from the VpnUsers' status: the newest"
                + " session of each user");
        return Optional.empty();
    }
}
