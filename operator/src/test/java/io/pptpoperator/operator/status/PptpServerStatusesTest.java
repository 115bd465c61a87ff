package io.pptpoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServerStatus;
import io.pptpoperator.crds.PptpServerStatus.AddressType;
import io.pptpoperator.crds.PptpServerStatus.ServerAddress;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PptpServerStatusesTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String SMALLEST = "localIP: 10.8.0.1, pools: [10.8.0.2-254]";

    /** Facts of a server that works, to be spoilt one by one. */
    private String spec = SMALLEST;
    private Optional<ServerFacts.Failure> failure = Optional.empty();
    private final TreeMap<ObjectKey, Rejected> rejected = new TreeMap<>();
    private final List<Pod> pods = new ArrayList<>(List.of(pod(0, true)));
    private long generation = 1;
    private int wanted = 1;
    private int users = 3;
    private int withoutConsent;
    private long poolSize = 253;
    private int withoutShare;
    private long used = 2;
    private Optional<String> refusal = Optional.empty();
    private Map<String, String> warnings = Map.of();
    private List<String> outdated = List.of();
    private Optional<RadiusFacts> radius = Optional.empty();
    private Map<String, Node> nodes = Map.of("node-0", node("203.0.113.5"));

    @Test
    void aServerThatWorksIsReady() {
        PptpServerStatus status = status();

        assertThat(status.conditions()).extracting(Condition::type)
                .containsExactly("Ready", "Available", "Reconciled", "DataPlaneReady", "AddressAvailable",
                        "UsersAccepted", "PoolsSufficient", "ConfigurationApplied");
        assertThat(status.conditions()).allSatisfy(it -> assertThat(it.status()).isEqualTo(Condition.Status.True));
        assertThat(ready(status).reason()).isEqualTo("Serving");
        assertThat(status.address()).isEqualTo("203.0.113.5");
        assertThat(status.addresses())
                .containsExactly(new ServerAddress("203.0.113.5", AddressType.ExternalIP, "office-pptp-0", "node-0"));
        assertThat(status.pool()).isEqualTo(new PptpServerStatus.PoolUse(253L, 2L));
        assertThat(status.selector()).isEqualTo("app.kubernetes.io/name=pptp-server,pptp-operator.io/server=office");
    }

    @Test
    void whileOneOfTwoPodsServesClientsCanConnectThoughNotAllIsAsItShallBe() {
        wanted = 2;
        pods.add(pod(1, false));

        PptpServerStatus half = status();
        assertThat(ready(half).status()).isEqualTo(Condition.Status.False);
        assertThat(available(half).status()).isEqualTo(Condition.Status.True);
        assertThat(available(half).message()).isEqualTo("clients can connect to 203.0.113.5: 1 of 2 pods serve them");

        pods.removeFirst();
        assertThat(available(status()).status()).isEqualTo(Condition.Status.False);
        assertThat(available(status()).reason()).isEqualTo(ready(status()).reason());
    }

    @Test
    void anImpossibleSpecKeepsNobodyOutWhileThePodsGoOn() {
        failure = Optional.of(new ServerFacts.Failure(ServerFacts.Failure.Reason.InvalidSpec, "pools: are wrong"));

        assertThat(ready(status()).reason()).isEqualTo("InvalidSpec");
        assertThat(available(status()).status()).isEqualTo(Condition.Status.True);
    }

    private static Condition available(PptpServerStatus status) {
        return Conditions.find(status.conditions(), "Available").orElseThrow();
    }

    @Test
    void aPodThatALostNodeNeverEndsIsSaidOnceItsTimeIsOver() {
        wanted = 2;
        Pod lost = new PodBuilder(pod(1, true)).editMetadata()
                .withDeletionTimestamp("2026-06-01T12:00:00Z")
                .endMetadata()
                .build();
        pods.add(lost);

        Instant due = Instant.parse("2026-06-01T12:01:00Z");
        assertThat(PptpServerStatuses.overdueAt(lost)).contains(due);
        assertThat(ready(status(due.minusSeconds(1))).reason()).isEqualTo("PodsStarting");
        assertThat(ready(status(due)).reason()).isEqualTo("PodNotEnding");
        assertThat(ready(status(due)).message()).contains("office-pptp-1 was to be gone at 2026-06-01T12:00:00Z",
                "kubectl delete node node-1");
        assertThat(available(status(due)).status()).as("the other pod serves").isEqualTo(Condition.Status.True);
    }

    @Test
    void withoutAnExternalAddressTheInternalOneIsDialled() {
        nodes = Map.of("node-0", node(null));
        assertThat(status().addresses().getFirst().type()).isEqualTo(AddressType.InternalIP);
        assertThat(status().address()).isEqualTo("10.0.0.7");
    }

    @Test
    void ofANodeWhoseFirstAddressIsIpv6TheIpv4OneIsPublished() {
        nodes = Map.of();
        pods.set(0, hostIps("fd00::5", "10.0.0.100"));

        assertThat(status().address()).isEqualTo("10.0.0.100");
        assertThat(ready(status()).reason()).isEqualTo("Serving");
    }

    @Test
    void aNodeWithoutAnIpv4AddressIsNamed() {
        nodes = Map.of();
        pods.set(0, hostIps("fd00::5"));

        assertThat(status().addresses()).isEmpty();
        assertThat(ready(status()).reason()).isEqualTo("NoIpv4Address");
        assertThat(ready(status()).message()).startsWith("ready pods have IPv6 addresses only (fd00::5)")
                .contains("exposure.addresses");

        spec = SMALLEST + ", exposure: {type: PodNetwork}";
        pods.set(0,
                new PodBuilder(pod(0, true)).editStatus()
                        .withPodIP("fd00:10::9")
                        .withPodIPs(new PodIP("fd00:10::9"))
                        .endStatus()
                        .build());
        assertThat(ready(status()).reason()).isEqualTo("NoIpv4Address");
    }

    private static Pod hostIps(String... addresses) {
        return new PodBuilder(pod(0, true)).editStatus()
                .withHostIP(addresses[0])
                .withHostIPs(Stream.of(addresses).map(HostIP::new).toList())
                .endStatus()
                .build();
    }

    @Test
    void aDeviceThatTheNodeLacksIsNamed() {
        pods.set(0, pod(0, false));
        warnings = Map.of("office-pptp-0", "MountVolume.SetUp failed for volume \"tun\" : hostPath type check failed:"
                + " /dev/net/tun is not a character device");

        assertThat(ready(status()).reason()).isEqualTo("PodNotStarting");
        assertThat(ready(status()).message()).isEqualTo("0 of 1 pods are ready: office-pptp-0: MountVolume.SetUp failed"
                + " for volume \"tun\" : hostPath type check failed: /dev/net/tun is not a character device; run"
                + " modprobe tun on node node-0");
    }

    @Test
    void anOperatorThatMayNotSeeNodesStillFindsTheAddress() {
        nodes = Map.of();
        assertThat(status().address()).isEqualTo("10.0.0.100");
    }

    @Test
    void addressesOfTheSpecArePublishedAsTheyAre() {
        spec = SMALLEST + ", exposure: {addresses: [vpn.example.org, 203.0.113.80]}";
        assertThat(status().addresses()).containsExactly(
                new ServerAddress("vpn.example.org", AddressType.Configured, null, null),
                new ServerAddress("203.0.113.80", AddressType.Configured, null, null));
    }

    @Test
    void anAttachedNetworksAddressComesFromItsAnnotation() {
        spec = SMALLEST + ", exposure: {type: AttachedNetwork, network: lan}";
        assertThat(ready(status()).reason()).isEqualTo("NoAddress");

        pods.getFirst().getMetadata().setAnnotations(Map.of("k8s.v1.cni.cncf.io/network-status", """
                [{"name": "cbr0", "default": true, "ips": ["10.244.0.9"]},
                 {"name": "vpn/lan", "interface": "net1", "ips": ["fe80::1", "192.168.1.40"]}]"""));
        assertThat(status().address()).isEqualTo("192.168.1.40");
    }

    @Test
    void aPodNetworksAddressIsThePods() {
        spec = SMALLEST + ", exposure: {type: PodNetwork}";
        assertThat(status().addresses().getFirst())
                .isEqualTo(new ServerAddress("10.244.0.9", AddressType.PodIP, "office-pptp-0", "node-0"));
    }

    @Test
    void anImpossibleSpecIsTheFirstThingToSay() {
        failure = Optional.of(new ServerFacts.Failure(ServerFacts.Failure.Reason.InvalidSpec, "pools: are wrong"));
        pods.clear();

        assertThat(ready(status()).reason()).isEqualTo("InvalidSpec");
        assertThat(ready(status()).message()).isEqualTo("pools: are wrong");
    }

    @Test
    void aPodWithoutANodeSaysWhy() {
        wanted = 2;
        pods.add(new PodBuilder(pod(1, false)).editStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("1 node(s) didn't have free ports for the requested pod ports")
                .endCondition()
                .endStatus()
                .build());

        assertThat(ready(status()).reason()).isEqualTo("PodNotScheduled");
        assertThat(ready(status()).message()).isEqualTo("1 of 2 pods are ready: office-pptp-1: 1 node(s) didn't have"
                + " free ports for the requested pod ports");
    }

    @Test
    void aPodThatDoesNotStartSaysWhy() {
        pods.set(0,
                new PodBuilder(pod(0, false)).editStatus()
                        .addNewContainerStatus()
                        .withNewState()
                        .withNewWaiting()
                        .withReason("ImagePullBackOff")
                        .withMessage("no such image")
                        .endWaiting()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build());

        assertThat(ready(status()).message()).endsWith("office-pptp-0: ImagePullBackOff: no such image");
    }

    /** CrashLoopBackOff is nobody's reason. */
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    Error     | 'Serving\\nTCP port 1723 is taken by another program\\n' | it ended with exit status 1: TCP port 1723 is \
                    taken by another program
                    Error     | ''                                                  | it ended with exit status 1
                    OOMKilled | 'whatever it said'                                  | it had too little memory (OOMKilled): raise \
                    pod.resources.limits.memory
                    """)
    void aPodThatDiesSaysWhatOf(String reason, String message, String why) {
        pods.set(0,
                new PodBuilder(pod(0, false)).editStatus()
                        .addNewContainerStatus()
                        .withNewState()
                        .withNewWaiting()
                        .withReason("CrashLoopBackOff")
                        .withMessage("back-off 40s")
                        .endWaiting()
                        .endState()
                        .withNewLastState()
                        .withNewTerminated()
                        .withExitCode(1)
                        .withReason(reason)
                        .withMessage(message.replace("\\n", "\n"))
                        .endTerminated()
                        .endLastState()
                        .endContainerStatus()
                        .endStatus()
                        .build());

        assertThat(ready(status()).message()).endsWith("office-pptp-0: " + why);
    }

    @Test
    void podsThatAreNotAdmittedLeaveAHint() {
        pods.clear();
        assertThat(ready(status()).reason()).isEqualTo("NoPods");
        assertThat(ready(status()).message()).contains("kubectl describe statefulset office-pptp",
                "pod-security.kubernetes.io/enforce=privileged");
    }

    @Test
    void zeroReplicasAreNotReady() {
        wanted = 0;
        pods.clear();
        assertThat(ready(status()).reason()).isEqualTo("ScaledToZero");
    }

    @Test
    void aRefusedPodSaysWhyAndWhatToDoAboutPodSecurity() {
        pods.clear();
        refusal = Optional.of("create Pod office-pptp-0 in StatefulSet office-pptp failed error: pods"
                + " \"office-pptp-0\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces");
        assertThat(ready(status()).reason()).isEqualTo("PodForbidden");
        assertThat(ready(status()).message()).contains("violates PodSecurity \"baseline:latest\"",
                "pod-security.kubernetes.io/enforce=privileged");

        refusal = Optional.of("create Pod office-pptp-0 failed error: exceeded quota: pods");
        assertThat(ready(status()).message()).endsWith("exceeded quota: pods");
    }

    @Test
    void usersThatAreLeftOutDoNotKeepTheServerFromBeingReady() {
        for (int i = 0; i < 7; i++) {
            rejected.put(new ObjectKey("vpn", "user-" + i),
                    new Rejected(UserVerdict.Reason.SecretNotFound, "there is no Secret s"));
        }
        PptpServerStatus status = status();

        assertThat(ready(status).status()).isEqualTo(Condition.Status.True);
        Condition accepted = condition(status, "UsersAccepted");
        assertThat(accepted.status()).isEqualTo(Condition.Status.False);
        assertThat(accepted.message()).startsWith("7 VpnUsers are left out: vpn/user-0: there is no Secret s;")
                .endsWith("; and 2 more");
    }

    @Test
    void poolsThatAreTooSmallInOneWayOrAnotherAreNamed() {
        poolSize = 2;
        assertThat(condition(status(), "PoolsSufficient").reason()).isEqualTo("PoolExhausted");
        used = 1;
        assertThat(condition(status(), "PoolsSufficient").reason()).isEqualTo("FewerAddressesThanUsers");
        withoutShare = 1;
        assertThat(condition(status(), "PoolsSufficient").reason()).isEqualTo("PoolTooSmall");
        assertThat(ready(status()).status()).isEqualTo(Condition.Status.True);
    }

    @Test
    void beforeTheFirstReconciliationNobodyKnowsThePools() {
        failure = Optional.of(new ServerFacts.Failure(ServerFacts.Failure.Reason.InvalidSpec, "no"));
        poolSize = 0;
        used = 0;
        assertThat(condition(status(), "PoolsSufficient").status()).isEqualTo(Condition.Status.Unknown);
        assertThat(condition(status(), "PoolsSufficient").reason()).isEqualTo("NotReconciled");
    }

    @Test
    void podsThatAreNotMadeForLackOfAddressesAreNotSaidToStart() {
        wanted = 2;
        poolSize = 1;
        used = 0;
        withoutShare = 1;
        assertThat(ready(status()).reason()).isEqualTo("PoolTooSmall");
        assertThat(ready(status()).message())
                .isEqualTo("1 of 2 pods are ready: the pools' 1 addresses leave 1 pods without any");
    }

    @Test
    void podsWithAnOldConfigurationAreNamed() {
        outdated = List.of("office-pptp-0");
        assertThat(condition(status(), "ConfigurationApplied").message()).isEqualTo("not yet at office-pptp-0");
    }

    @Test
    void aServerWithoutRadiusHasNoConditionAboutIt() {
        assertThat(Conditions.find(status().conditions(), "RadiusReachable")).isEmpty();
    }

    private static RadiusView.Server radius(String name, Boolean reachable, String reason, String message) {
        return new RadiusView.Server(name, reachable, reason, message, NOW, 3);
    }

    private Condition radius(Map<String, List<RadiusView.Server>> reports, String... tooOld) {
        var views = new TreeMap<String, RadiusView>();
        reports.forEach((pod, servers) -> views.put(pod, new RadiusView(servers, 0, 0)));
        radius = Optional.of(new RadiusFacts(List.of(), views, List.of(tooOld)));
        return condition(status(), "RadiusReachable");
    }

    @Test
    void theRadiusServerThatDoesNotAnswerIsNamedWithTheRemedy() {
        var fine = radius("radius-2:1812", true, "Answering", "it answers");
        assertThat(radius(Map.of("office-0", List.of(fine)))).satisfies(it -> {
            assertThat(it.status()).isEqualTo(Condition.Status.True);
            assertThat(it.message()).isEqualTo("radius-2:1812 answers");
        });
        assertThat(radius(Map.of("office-0", List.of(radius("radius-1:1812", null, "Unknown", "it is new")))).status())
                .isEqualTo(Condition.Status.Unknown);

        var silent = radius("radius-1:1812", false, "NoAnswer", "it does not answer");
        Condition condition = radius(Map.of("office-0", List.of(silent, fine), "office-1", List.of(silent, fine)));
        assertThat(condition.status()).isEqualTo(Condition.Status.False);
        assertThat(condition.reason()).isEqualTo("NoAnswer");
        assertThat(condition.message())
                .isEqualTo("RADIUS server radius-1:1812: it does not answer (office-0, office-1);"
                        + " these answer: radius-2:1812");

        condition = radius(Map.of("office-0", List.of(radius("radius-1:1812", false, "MessageAuthenticatorMissing",
                "it answers without a Message-Authenticator"))));
        assertThat(condition.reason()).isEqualTo("MessageAuthenticatorMissing");
        assertThat(condition.message()).contains("update reply { Message-Authenticator := 0x00 }")
                .contains("Post-Auth-Type REJECT");
    }

    @Test
    void whatThePodsCouldNotBeToldOfRadiusComesFirst() {
        assertThat(radius(Map.of(), "office-0").reason()).isEqualTo("ImageTooOld");
        radius = Optional.of(new RadiusFacts(List.of(new RadiusFacts.LeftOut("SecretNotFound", "there is no Secret r")),
                new TreeMap<>(), List.of("office-0")));
        Condition condition = condition(status(), "RadiusReachable");
        assertThat(condition.reason()).isEqualTo("SecretNotFound");
        assertThat(condition.message()).startsWith("there is no Secret r; the image of office-0 knows no RADIUS");
    }

    @Test
    void theGenerationThatIsShownIsTheOneThatWasReconciled() {
        generation = 7;
        assertThat(status().observedGeneration()).isEqualTo(7);
        assertThat(status().conditions()).allSatisfy(it -> assertThat(it.observedGeneration()).isEqualTo(7));
    }

    private PptpServerStatus status() {
        return status(NOW);
    }

    private PptpServerStatus status(Instant time) {
        return PptpServerStatuses.of(new ServerFacts(Manifests.server("office", spec), generation, failure, users,
                rejected, withoutConsent, pods, wanted, poolSize, withoutShare, used, 2, refusal, warnings, outdated,
                radius, true, name -> Optional.ofNullable(nodes.get(name))), time);
    }

    private static Condition ready(PptpServerStatus status) {
        return condition(status, "Ready");
    }

    private static Condition condition(PptpServerStatus status, String type) {
        return Conditions.find(status.conditions(), type).orElseThrow();
    }

    private static Pod pod(int ordinal, boolean ready) {
        return new PodBuilder().withNewMetadata()
                .withName("office-pptp-" + ordinal)
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-" + ordinal)
                .endSpec()
                .withNewStatus()
                .withHostIP("10.0.0.10" + ordinal)
                .withPodIP("10.244.0.9")
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }

    private static Node node(String external) {
        var node = new NodeBuilder().withNewMetadata()
                .withName("node-0")
                .endMetadata()
                .withNewStatus()
                .addNewAddress()
                .withType("Hostname")
                .withAddress("node-0")
                .endAddress()
                .addNewAddress()
                .withType("InternalIP")
                .withAddress("fd00::7")
                .endAddress()
                .addNewAddress()
                .withType("InternalIP")
                .withAddress("10.0.0.7")
                .endAddress();
        return external == null
                ? node.endStatus().build()
                : node.addNewAddress().withType("ExternalIP").withAddress(external).endAddress().endStatus().build();
    }
}
