package io.pptpoperator.kubectl.doctor;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerStatus.ServerAddress;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.ClusterErrors;
import io.pptpoperator.kubectl.logs.LogLine;
import io.pptpoperator.kubectl.logs.UserLog;
import io.pptpoperator.kubectl.user.UserPassword;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.status.PptpServerStatuses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Looks up what the diagnoses need. What the person may not see is left out: a doctor who sees half of it is better
 * than none.
 */
final class Examination {

    private static final int LOG_SECONDS = 3600;
    private static final int NOT_FOUND = 404;
    private static final String SYSTEM = "kube-system";
    /** DaemonSets in kube-system that are network plugins. */
    private static final Set<String> NETWORK_PLUGINS = Set.of("antrea-agent", "aws-node", "azure-cns", "calico-node",
            "canal", "cilium", "kindnet", "kube-flannel-ds", "kube-router", "weave-net");

    private final KubernetesClient client;
    private final Function<String, Reach> dial;

    /**
     * An examination.
     *
     * @param dial tries an address from this machine
     */
    Examination(KubernetesClient client, Function<String, Reach> dial) {
        this.client = client;
        this.dial = dial;
    }

    ServerExam server(PptpServer server, Network network, boolean dialled, boolean operatorGone,
            Optional<String> user) {
        String namespace = server.getMetadata().getNamespace();
        List<Pod> pods = client.pods().inNamespace(namespace).withLabels(Labels.selector(server)).list().getItems();
        List<String> addresses = server.getStatus() == null || !dialled
                ? List.of()
                : server.getStatus().addresses().stream().map(ServerAddress::address).distinct().toList();
        return new ServerExam(server, pods, warnings(pods), addresses.stream().map(dial).toList(),
                pods.stream().mapToInt(this::silentCalls).sum(), policies(server), network, operatorGone, user);
    }

    private Map<String, String> warnings(List<Pod> pods) {
        var warnings = new HashMap<String, String>();
        pods.stream()
                .filter(pod -> !PptpServerStatuses.isReady(pod))
                .map(Pod::getMetadata)
                .forEach(pod -> ifAllowed(() -> client.v1()
                        .events()
                        .inNamespace(pod.getNamespace())
                        .withField("involvedObject.uid", pod.getUid())
                        .withField("type", "Warning")
                        .list()
                        .getItems()).orElse(List.of())
                        .stream()
                        .map(Event::getMessage)
                        .filter(it -> it != null)
                        .reduce((one, later) -> later)
                        .ifPresent(last -> warnings.put(pod.getName(), last)));
        return warnings;
    }

    /** What the pods of servers that ask RADIUS last logged about a name. */
    Optional<LogLine> lastLine(List<PptpServer> servers, String username) {
        var lines = new ArrayList<LogLine>();
        servers.stream()
                .filter(it -> it.getSpec().users().source().asksRadius())
                .flatMap(server -> client.pods()
                        .inNamespace(server.getMetadata().getNamespace())
                        .withLabels(Labels.selector(server))
                        .list()
                        .getItems()
                        .stream())
                .forEach(pod -> {
                    var ofUser = new UserLog(username);
                    eachLine(pod, line -> {
                        if (ofUser.concerns(line)) {
                            lines.add(line);
                        }
                    });
                });
        return lines.stream().max(Comparator.comparing(LogLine::time));
    }

    /** The profiles that users of servers can have. A cluster with CRDs of before has none. */
    List<VpnProfile> profiles(List<PptpServer> servers) {
        return servers.stream().map(it -> it.getMetadata().getNamespace()).distinct().flatMap(namespace -> {
            try {
                return client.resources(VpnProfile.class).inNamespace(namespace).list().getItems().stream();
            } catch (KubernetesClientException e) {
                if (ClusterErrors.isForbidden(e) || e.getCode() == NOT_FOUND) {
                    return Stream.empty();
                }
                throw e;
            }
        }).toList();
    }

    private int silentCalls(Pod pod) {
        var count = new AtomicInteger();
        eachLine(pod, line -> {
            if ("no-answer".equals(line.values().get("reason"))) {
                count.incrementAndGet();
            }
        });
        return count.get();
    }

    private void eachLine(Pod pod, Consumer<LogLine> each) {
        try (Reader log = client.pods().resource(pod).inContainer("pptp").sinceSeconds(LOG_SECONDS).getLogReader();
                var lines = new BufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LogLine.parse(line).ifPresent(each);
            }
        } catch (IOException | KubernetesClientException e) {
            // A pod that has not started, or a node that is gone, has no log to show; other findings say so.
        }
    }

    private List<String> policies(PptpServer server) {
        Map<String, String> labels = Labels.of(server);
        return ifAllowed(() -> client.network()
                .v1()
                .networkPolicies()
                .inNamespace(server.getMetadata().getNamespace())
                .list()
                .getItems()
                .stream()
                .filter(it -> it.getMetadata().getLabels() == null
                        || !Labels.OPERATOR.equals(it.getMetadata().getLabels().get(Labels.MANAGED_BY)))
                .filter(it -> selects(it.getSpec().getPodSelector(), labels))
                .map(it -> it.getMetadata().getName())
                .toList()).orElse(List.of());
    }

    /** Expressions are taken to select: better one name too many than a policy that nobody thought of. */
    private static boolean selects(LabelSelector selector, Map<String, String> labels) {
        return selector == null || selector.getMatchLabels() == null
                || labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    }

    Network network() {
        Optional<String> plugin = ifAllowed(() -> client.apps()
                .daemonSets()
                .inNamespace(SYSTEM)
                .list()
                .getItems()
                .stream()
                .map(it -> it.getMetadata().getName())
                .filter(NETWORK_PLUGINS::contains)
                .findFirst()).flatMap(it -> it);
        if (plugin.filter("cilium"::equals).isEmpty()) {
            return new Network(plugin, Optional.empty(), Optional.empty());
        }
        Optional<Map<String, String>> settings = ifAllowed(
                () -> Optional.ofNullable(client.configMaps().inNamespace(SYSTEM).withName("cilium-config").get())
                        .map(ConfigMap::getData)
                        .orElse(Map.of()));
        return new Network(plugin, settings.map(it -> "true".equals(it.get("enable-extended-ip-protocols"))),
                settings.map(it -> "true".equals(it.get("enable-host-firewall"))));
    }

    UserExam.SecretState secret(VpnUser user) {
        UserPassword place = UserPassword.of(user);
        return ifAllowed(() -> {
            Secret secret = client.secrets()
                    .inNamespace(user.getMetadata().getNamespace())
                    .withName(place.secret())
                    .get();
            if (secret == null) {
                return UserExam.SecretState.MISSING;
            }
            if (!PasswordMark.isOn(secret)) {
                return UserExam.SecretState.WITHOUT_MARK;
            }
            boolean there = secret.getData() != null && secret.getData().containsKey(place.key());
            return there ? UserExam.SecretState.THERE : UserExam.SecretState.WITHOUT_KEY;
        }).orElse(UserExam.SecretState.FORBIDDEN);
    }

    private static <T> Optional<T> ifAllowed(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (KubernetesClientException e) {
            if (ClusterErrors.isForbidden(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
