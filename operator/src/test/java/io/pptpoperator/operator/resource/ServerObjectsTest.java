package io.pptpoperator.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.UpdatePolicy;
import io.pptpoperator.dataplane.server.ServeCommand;
import io.pptpoperator.operator.Manifests;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ServerObjectsTest {

    private static final String SMALLEST = "localIP: 10.8.0.1, pools: [10.8.0.2-254]";

    @Test
    void aServerIsMadeOfAllItNeedsAndOwnsIt() {
        List<HasMetadata> objects = around(SMALLEST);

        assertThat(objects).extracting(HasMetadata::getKind)
                .containsExactly("ServiceAccount", "Service", "PodDisruptionBudget", "NetworkPolicy", "StatefulSet");
        assertThat(objects).allSatisfy(object -> {
            assertThat(object.getMetadata().getName()).isEqualTo("office-pptp");
            assertThat(object.getMetadata().getNamespace()).isEqualTo("vpn");
            assertThat(object.getMetadata().getLabels()).containsEntry("app.kubernetes.io/managed-by", "pptp-operator");
            assertThat(object.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
                assertThat(owner.getKind()).isEqualTo("PptpServer");
                assertThat(owner.getUid()).isEqualTo("uid-of-office");
                assertThat(owner.getController()).isTrue();
            });
        });
    }

    @Test
    void aPodThatServesNobodyKeepsNoNodeFromBeingDrainedAndSaysWhatItDiedOf() {
        assertThat(around(SMALLEST)).filteredOn(PodDisruptionBudget.class::isInstance)
                .map(PodDisruptionBudget.class::cast)
                .singleElement()
                .satisfies(it -> assertThat(it.getSpec().getUnhealthyPodEvictionPolicy()).isEqualTo("AlwaysAllow"));
        assertThat(pods(SMALLEST).getSpec().getContainers().getFirst().getTerminationMessagePolicy())
                .isEqualTo("FallbackToLogsOnError");
    }

    @Test
    void aPodIsAskedAtThePortThatItWasMadeWith() {
        Pod pod = new PodBuilder().withSpec(pods(SMALLEST + ", adminPort: 9800").getSpec()).build();

        assertThat(ServerObjects.adminPort(Manifests.server("office", SMALLEST), pod)).isEqualTo(9800);
        pod.getSpec().getContainers().getFirst().setPorts(List.of());
        assertThat(ServerObjects.adminPort(Manifests.server("office", SMALLEST), pod)).isEqualTo(9723);
    }

    @Test
    void podsOnTheHostNetworkKeepAwayFromThoseOfAllServers() {
        PodSpec pod = pods(SMALLEST).getSpec();

        assertThat(pod.getHostNetwork()).isTrue();
        assertThat(pod.getDnsPolicy()).isEqualTo("ClusterFirstWithHostNet");
        assertThat(container(pod).getPorts()).extracting(port -> port.getName() + " " + port.getHostPort())
                .containsExactly("pptp 1723", "admin 9723");
        assertThat(pod.getAffinity().getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution())
                .singleElement()
                .satisfies(term -> {
                    assertThat(term.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
                    assertThat(term.getNamespaceSelector()).as("pods of all namespaces").isNotNull();
                    assertThat(pods(SMALLEST).getMetadata().getLabels())
                            .containsAllEntriesOf(term.getLabelSelector().getMatchLabels());
                });
    }

    @Test
    void theContainerMayDoNoMoreThanItNeeds() {
        PodSpec pod = pods(SMALLEST).getSpec();
        Container container = container(pod);

        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(container.getSecurityContext().getPrivileged()).isNull();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getSecurityContext().getCapabilities().getAdd()).containsExactly("NET_ADMIN", "NET_RAW");
        assertThat(pod.getVolumes()).filteredOn(volume -> volume.getHostPath() != null)
                .singleElement()
                .satisfies(volume -> assertThat(volume.getHostPath().getPath()).isEqualTo("/dev/net/tun"));
    }

    @Test
    void aPrivilegedContainerHasToBeAskedFor() {
        PodSpec pod = pods(SMALLEST + ", pod: {securityProfile: Privileged}").getSpec();

        assertThat(container(pod).getSecurityContext().getPrivileged()).isTrue();
    }

    @Test
    void eachPodReadsItsOwnPartOfTheConfiguration() {
        Container container = container(pods(SMALLEST).getSpec());

        assertThat(container.getArgs()).contains("/etc/pptp/config/$(PPTP_MEMBER).yaml", "/etc/pptp/config/users.yaml");
        assertThat(container.getEnv().getFirst().getValueFrom().getFieldRef().getFieldPath())
                .isEqualTo("metadata.name");
        assertThat(container(pods(SMALLEST + ", workload: DaemonSet").getSpec()).getEnv()
                .getFirst()
                .getValueFrom()
                .getFieldRef()
                .getFieldPath()).isEqualTo("spec.nodeName");
    }

    @Test
    void aServerForEveryNodeIsADaemonSetThatNeverPutsTwoPodsOnOne() {
        var daemonSet = (DaemonSet) around(SMALLEST + ", workload: DaemonSet").getLast();

        assertThat(daemonSet.getSpec().getUpdateStrategy().getRollingUpdate().getMaxSurge().getIntVal()).isZero();
        assertThat(daemonSet.getSpec().getUpdateStrategy().getRollingUpdate().getMaxUnavailable().getIntVal())
                .isEqualTo(1);
    }

    @Test
    void aDaemonSetHasNoDisruptionBudgetBecauseThatWouldAllowNoEvictionAtAll() {
        assertThat(around(SMALLEST + ", workload: DaemonSet")).extracting(HasMetadata::getKind)
                .containsExactly("ServiceAccount", "Service", "NetworkPolicy", "DaemonSet");
    }

    @Test
    void theDataPlaneUnderstandsTheContainersArguments() {
        var arguments = container(pods(SMALLEST).getSpec()).getArgs();

        var parsed = new CommandLine(new ServeCommand())
                .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));

        assertThat(arguments.getFirst()).isEqualTo("serve");
        assertThat(parsed.unmatched()).isEmpty();
        assertThat(parsed.<Path>matchedOptionValue("--users", null)).hasToString("/etc/pptp/config/users.yaml");
    }

    @Test
    void probesAreAskedApartFromTheAdministrationPort() {
        Container onHost = container(pods(SMALLEST).getSpec());
        assertThat(probes(onHost)).containsExactly("HTTP 127.0.0.1:9724/healthz", "HTTP 127.0.0.1:9724/healthz",
                "HTTP 127.0.0.1:9724/readyz");
        assertThat(variable(onHost, "PPTP_PROBES")).contains("127.0.0.1:9724");

        Container onPodNetwork = container(
                pods(SMALLEST + ", exposure: {type: PodNetwork}, probePort: 9800").getSpec());
        assertThat(probes(onPodNetwork)).containsExactly("HTTP null:9800/healthz", "HTTP null:9800/healthz",
                "HTTP null:9800/readyz");
        assertThat(variable(onPodNetwork, "PPTP_PROBES")).contains("$(POD_IP):9800");
        assertThat(onPodNetwork.getEnv()).filteredOn(it -> it.getName().equals("POD_IP"))
                .singleElement()
                .satisfies(it -> assertThat(it.getValueFrom().getFieldRef().getFieldPath()).isEqualTo("status.podIP"));
    }

    @Test
    void anImageThatMayBeOlderIsProbedWhereAllVersionsAnswer() {
        for (String spec : List.of(", image: 'registry.example/pptp:1'", ", probePort: 0")) {
            Container container = container(pods(SMALLEST + spec).getSpec());
            assertThat(probes(container)).containsExactly("HTTPS null:9723/healthz", "HTTPS null:9723/healthz",
                    "HTTPS null:9723/readyz");
            assertThat(variable(container, "PPTP_PROBES")).isEmpty();
        }
        assertThat(probes(container(pods(SMALLEST + ", image: 'registry.example/pptp:2', probePort: 9724").getSpec()))
                .getFirst()).isEqualTo("HTTP 127.0.0.1:9724/healthz");
    }

    private static List<String> probes(Container container) {
        return Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .map(Probe::getHttpGet)
                .map(it -> it.getScheme() + " " + it.getHost() + ":" + it.getPort().getIntVal() + it.getPath())
                .toList();
    }

    private static Optional<String> variable(Container container, String name) {
        return container.getEnv().stream().filter(it -> it.getName().equals(name)).map(EnvVar::getValue).findFirst();
    }

    @Test
    void podSettingsReachThePods() {
        PodTemplateSpec pods = pods(SMALLEST + """
                , image: registry.example/pptp:1, imagePullPolicy: Never, drainTimeout: 5m,
                pod: {nodeSelector: {vpn: 'yes'}, tolerations: [{key: edge, operator: Exists}], priorityClassName: high,
                labels: {team: net, pptp-operator.io/server: other, pptp-operator.io/any: x},
                annotations: {note: x, pptp-operator.io/configuration: x},
                imagePullSecrets: [registry], resources: {requests: {cpu: 500m}, limits: {memory: 512Mi}},
                affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:
                [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]}}}}""");
        PodSpec spec = pods.getSpec();

        assertThat(container(spec).getImage()).isEqualTo("registry.example/pptp:1");
        assertThat(container(spec).getImagePullPolicy()).isEqualTo("Never");
        assertThat(container(spec).getResources().getRequests().get("cpu")).hasToString("500m");
        assertThat(spec.getNodeSelector()).isEqualTo(Map.of("vpn", "yes"));
        assertThat(spec.getTolerations()).singleElement().satisfies(it -> assertThat(it.getKey()).isEqualTo("edge"));
        assertThat(spec.getPriorityClassName()).isEqualTo("high");
        assertThat(spec.getImagePullSecrets()).extracting("name").containsExactly("registry");
        assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(315);
        assertThat(spec.getAffinity().getNodeAffinity()).isNotNull();
        assertThat(spec.getAffinity().getPodAntiAffinity()).isNotNull();
        assertThat(pods.getMetadata().getAnnotations()).containsEntry("note", "x")
                .containsEntry("pptp-operator.io/restart-digest", "digest")
                .hasSize(2);
        assertThat(pods.getMetadata().getLabels()).containsEntry("team", "net")
                .as("the operator's own labels cannot be overwritten")
                .containsEntry("pptp-operator.io/server", "office")
                .doesNotContainKey("pptp-operator.io/any");
    }

    @Test
    void whatAPodNeedsFollowsFromItsSessions() {
        ResourceRequirements usual = container(pods(SMALLEST).getSpec()).getResources();
        assertThat(usual.getRequests()).hasToString("{cpu=100m, memory=192Mi}");
        assertThat(usual.getLimits()).as("for 10,000 sessions").hasToString("{memory=624Mi}");

        ResourceRequirements small = container(pods(SMALLEST + ", limits: {maxSessions: 500}").getSpec())
                .getResources();
        assertThat(small.getLimits()).hasToString("{memory=408Mi}");
    }

    @Test
    void whatTheSpecSaysOfAPodsNeedsHolds() {
        ResourceRequirements given = container(
                pods(SMALLEST + ", pod: {resources: {requests: {memory: 2Gi}, limits: {cpu: 2}}}").getSpec())
                .getResources();
        assertThat(given.getRequests()).hasToString("{memory=2Gi}");
        assertThat(given.getLimits()).hasToString("{cpu=2}");

        assertThat(container(pods(SMALLEST + ", image: 'registry.example/pptp:1'").getSpec()).getResources())
                .as("pods of a pinned image are not replaced for it")
                .isNull();
    }

    @Test
    void anAttachedNetworkIsAskedForByAnnotation() {
        PodTemplateSpec pods = pods(SMALLEST + ", exposure: {type: AttachedNetwork, network: lan}");

        assertThat(pods.getMetadata().getAnnotations()).containsEntry("k8s.v1.cni.cncf.io/networks", "lan");
        assertThat(pods.getSpec().getHostNetwork()).isNull();
        assertThat(container(pods.getSpec()).getPorts()).allSatisfy(port -> assertThat(port.getHostPort()).isNull());
    }

    @Test
    void onlyTheOperatorReachesTheAdministrationPort() {
        var policy = (NetworkPolicy) around(SMALLEST).get(3);

        assertThat(policy.getSpec().getIngress())
                .filteredOn(rule -> rule.getPorts().getFirst().getPort().getIntVal() == 9723)
                .singleElement()
                .satisfies(rule -> assertThat(rule.getFrom().getFirst().getNamespaceSelector().getMatchLabels())
                        .containsEntry("kubernetes.io/metadata.name", "pptp-system"));
    }

    @Test
    void radiusServersThatMayEndSessionsReachThePods() {
        String radius = SMALLEST + """
                , radius: {servers: [{host: 10.0.0.5, secret: {secretKeyRef: {name: r, key: s}}}],
                           dynamicAuthorization: {enabled: true, port: 1700, clients: [10.0.0.5/32, 10.1.0.0/24],
                                                  secret: {secretKeyRef: {name: r, key: s}}}}""";
        var rules = ((NetworkPolicy) around(radius).get(3)).getSpec().getIngress();

        assertThat(rules).hasSize(3);
        assertThat(rules.getLast().getPorts().getFirst().getPort().getIntVal()).isEqualTo(1700);
        assertThat(rules.getLast().getPorts().getFirst().getProtocol()).isEqualTo("UDP");
        assertThat(rules.getLast().getFrom()).map(it -> it.getIpBlock().getCidr())
                .containsExactly("10.0.0.5/32", "10.1.0.0/24");
        assertThat(((NetworkPolicy) around(radius.replace("enabled: true", "enabled: false")).get(3)).getSpec()
                .getIngress()).hasSize(2);
    }

    @Test
    void whoeverScrapesIsLetInToTheAdministrationPortWhenItsNamespaceIsNamed() {
        PptpServer server = Manifests.server("office", SMALLEST + ", exposure: {type: AttachedNetwork, network: lan}");
        var policy = (NetworkPolicy) around(new ServerObjects(server, "pptp-system", Set.of("monitoring", "metrics")))
                .get(3);

        assertThat(policy.getSpec().getIngress())
                .filteredOn(rule -> rule.getPorts().getFirst().getPort().getIntVal() == 9723)
                .singleElement()
                .satisfies(rule -> assertThat(rule.getFrom())
                        .extracting(from -> from.getNamespaceSelector().getMatchLabels().values() + " "
                                + (from.getPodSelector() == null ? "all" : from.getPodSelector().getMatchLabels()))
                        .containsExactly("[pptp-system] {app.kubernetes.io/name=pptp-operator}", "[metrics] all",
                                "[monitoring] all"));
    }

    @Test
    void aPolicyWouldShutGreOutOfThePodNetworkSoThereIsNone() {
        assertThat(around(SMALLEST + ", exposure: {type: PodNetwork}")).extracting(HasMetadata::getKind)
                .doesNotContain("NetworkPolicy");
    }

    private static Container container(PodSpec pod) {
        return pod.getContainers().getFirst();
    }

    private static PodTemplateSpec pods(String spec) {
        return switch (around(spec).getLast()) {
            case StatefulSet set -> set.getSpec().getTemplate();
            case DaemonSet set -> set.getSpec().getTemplate();
            default -> throw new AssertionError("the last object is the workload");
        };
    }

    private static List<HasMetadata> around(String spec) {
        PptpServer server = Manifests.server("office", spec);
        return around(new ServerObjects(server, "pptp-system", Set.of()));
    }

    private static List<HasMetadata> around(ServerObjects objects) {
        return objects.around(2, objects.pods("pptp:default", "digest"), UpdatePolicy.Type.RollingUpdate, Map.of());
    }

    @ParameterizedTest
    @CsvSource({"StatefulSet, RollingUpdate, RollingUpdate, ", "StatefulSet, OnDelete, OnDelete, ",
            "StatefulSet, Paused, RollingUpdate, 2147483647", "DaemonSet, RollingUpdate, RollingUpdate, ",
            "DaemonSet, OnDelete, OnDelete, ", "DaemonSet, Paused, OnDelete, "})
    void podsAreReplacedWhenTheUpdatePolicySays(String workload, UpdatePolicy.Type updates, String strategy,
            Integer partition) {
        PptpServer server = Manifests.server("office", SMALLEST + ", workload: " + workload);
        var objects = new ServerObjects(server, "pptp-system", Set.of());
        HasMetadata made = objects.around(2, objects.pods("pptp:default", "digest"), updates, Map.of()).getLast();

        if (made instanceof StatefulSet set) {
            assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo(strategy);
            assertThat(Optional.ofNullable(set.getSpec().getUpdateStrategy().getRollingUpdate())
                    .map(it -> it.getPartition())).isEqualTo(Optional.ofNullable(partition));
        } else {
            assertThat(((DaemonSet) made).getSpec().getUpdateStrategy().getType()).isEqualTo(strategy);
        }
    }
}
