package io.pptpoperator.kubectl.doctor;

import static io.pptpoperator.kubectl.Resources.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.client.probe.Advice;
import io.pptpoperator.dataplane.client.probe.Phase;
import io.pptpoperator.dataplane.client.probe.PhaseResult;
import io.pptpoperator.dataplane.client.probe.Report;
import io.pptpoperator.dataplane.client.probe.WindowsError;
import io.pptpoperator.kubectl.doctor.Finding.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ServerDiagnosisTest {

    private static final String SERVING = "observedGeneration: 3, address: 203.0.113.1, addresses: [{address:"
            + " 203.0.113.1, type: ExternalIP, pod: office-pptp-0, node: n1}], conditions: ["
            + condition("Ready", "True", "Serving", "clients can connect to 203.0.113.1") + "]";

    private static String condition(String type, String status, String reason, String message) {
        return "{type: " + type + ", status: '" + status + "', reason: " + reason + ", message: '" + message
                + "', lastTransitionTime: '2026-06-01T12:00:00Z'}";
    }

    private static Pod pod(String ready) {
        return new PodBuilder().withNewMetadata()
                .withName("office-pptp-0")
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready)
                .endCondition()
                .endStatus()
                .build();
    }

    private static List<Finding> findings(PptpServer server, Reach... reached) {
        return findings(server, Network.UNKNOWN, List.of(), 0, reached);
    }

    private static List<Finding> findings(PptpServer server, Network network, List<String> policies, int silentCalls,
            Reach... reached) {
        return ServerDiagnosis.of(new ServerExam(server, List.of(pod("True")), Map.of(), List.of(reached), silentCalls,
                policies, network, false, Optional.empty()));
    }

    @Test
    void aRadiusServerThatDoesNotAnswerIsATroubleForThoseItDecidesAbout() {
        String radius = condition("RadiusReachable", "False", "MessageAuthenticatorMissing", "radius-1: it answers so");
        String status = SERVING.replace("conditions: [", "conditions: [" + radius + ", ");
        String settings = "users: {source: Radius}, radius: {servers: [{host: r, secret: {secretKeyRef: {name: r, key: s}}}]}";

        assertThat(findings(server(settings, status)))
                .filteredOn(it -> it.found().startsWith("MessageAuthenticatorMissing"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.level()).isEqualTo(Level.PROBLEM);
                    assertThat(it.remedies().getFirst()).contains("the line for FreeRADIUS");
                });
        assertThat(findings(server(settings, status.replace("it answers so", "it answers so; these answer: radius-2"))))
                .filteredOn(it -> it.found().startsWith("MessageAuthenticatorMissing"))
                .extracting(Finding::level)
                .containsExactly(Level.WARNING);
        assertThat(findings(server(settings.replace("source: Radius", "source: Resources"), status)))
                .filteredOn(it -> it.found().startsWith("MessageAuthenticatorMissing"))
                .extracting(Finding::level)
                .as("it is told of sessions, and asked nothing")
                .containsExactly(Level.WARNING);
    }

    private static Reach reach(Reach.Control control) {
        return new Reach("203.0.113.1", control, 12, Optional.empty());
    }

    private static Reach reach(Optional<Phase> failed) {
        var advice = new Advice("The way back is blocked.", Optional.of(WindowsError.GRE_BLOCKED),
                List.of("the router"));
        var results = Arrays.stream(Phase.values())
                .map(phase -> new PhaseResult(phase,
                        failed.equals(Optional.of(phase)) ? PhaseResult.Status.FAILED : PhaseResult.Status.OK,
                        OptionalLong.empty(), "",
                        failed.equals(Optional.of(phase)) ? Optional.of(advice) : Optional.empty()))
                .toList();
        return new Reach("203.0.113.1", Reach.Control.ANSWERS, 12, Optional.of(new Report(results)));
    }

    @Test
    void aServerThatServesHasNothing() {
        assertThat(findings(server("", SERVING), reach(Optional.empty()))).containsExactly(
                Finding.ok("PptpServer office", "clients can connect to 203.0.113.1"),
                Finding.ok("203.0.113.1 port 1723", "a PPTP server answers within 12 ms"),
                Finding.ok("203.0.113.1 GRE", "a call gets through in both directions, up to the login"));
    }

    @Test
    void anOperatorThatDoesNotLookIsNoticed() {
        assertThat(findings(server("", ""))).first().satisfies(it -> {
            assertThat(it.level()).isEqualTo(Level.PROBLEM);
            assertThat(it.found()).isEqualTo("the operator has not looked at it");
        });
        assertThat(findings(server("", SERVING.replace("observedGeneration: 3", "observedGeneration: 2")))).first()
                .extracting(Finding::found)
                .isEqualTo("the operator has not looked at its last change yet");
    }

    @ParameterizedTest
    @CsvSource({"Reconciled,NameTaken,PROBLEM", "DataPlaneReady,PodNotScheduled,PROBLEM",
            "AddressAvailable,NoAddress,PROBLEM", "UsersAccepted,SomeRejected,WARNING",
            "PoolsSufficient,PoolExhausted,PROBLEM", "PoolsSufficient,FewerAddressesThanUsers,WARNING",
            "ConfigurationApplied,Applying,WARNING"})
    void aConditionThatIsNotTrueIsSaidWithWhatToDo(String type, String reason, Level level) {
        String status = SERVING.replace("conditions: [",
                "conditions: [" + condition(type, "False", reason, "so and so") + ", ");

        assertThat(findings(server("", status))).filteredOn(it -> it.found().equals(reason + ": so and so"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.level()).isEqualTo(level);
                    assertThat(it.remedies()).isNotEmpty();
                });
    }

    @Test
    void noReadyPodIsAProblem() {
        var exam = new ServerExam(server("", SERVING), List.of(pod("False")), Map.of(), List.of(), 0, List.of(),
                Network.UNKNOWN, false, Optional.empty());

        assertThat(ServerDiagnosis.of(exam)).anySatisfy(it -> {
            assertThat(it.level()).isEqualTo(Level.PROBLEM);
            assertThat(it.found()).isEqualTo("no pod is ready");
        });
    }

    @Test
    void whatKubernetesSaysAboutAPodIsPassedOn() {
        var exam = new ServerExam(server("", SERVING), List.of(pod("False")),
                Map.of("office-pptp-0", "MountVolume.SetUp failed: /dev/net/tun is not a character device"), List.of(),
                0, List.of(), Network.UNKNOWN, false, Optional.empty());

        assertThat(ServerDiagnosis.of(exam)).singleElement()
                .satisfies(it -> assertThat(it.consequences()).contains("Kubernetes says of pod office-pptp-0:"
                        + " MountVolume.SetUp failed: /dev/net/tun is not a character device"));
    }

    @Test
    void aPodThatDiedIsNamed() {
        Pod died = new PodBuilder(pod("True")).editStatus()
                .addNewContainerStatus()
                .withRestartCount(4)
                .withNewLastState()
                .withNewTerminated()
                .withExitCode(137)
                .withReason("OOMKilled")
                .endTerminated()
                .endLastState()
                .endContainerStatus()
                .endStatus()
                .build();
        var exam = new ServerExam(server("", SERVING), List.of(died), Map.of(), List.of(), 0, List.of(),
                Network.UNKNOWN, false, Optional.empty());

        assertThat(ServerDiagnosis.of(exam)).anySatisfy(it -> assertThat(it.found())
                .isEqualTo("it was restarted 4 times: it had too little memory (OOMKilled): raise "
                        + "pod.resources.limits.memory"));
    }

    @Test
    void aPortThatIsTakenIsOneFindingWithAllThatFollowsBelowIt() {
        String taken = "it ended with exit status 1: listen: cannot listen on TCP 0.0.0.0:1723 (address in use)";
        String said = "0 of 1 pods are ready: office-pptp-0: " + taken;
        String status = SERVING
                .replace(
                        "observedGeneration: 3, address: 203.0.113.1, addresses: [{address:"
                                + " 203.0.113.1, type: ExternalIP, pod: office-pptp-0, node: n1}]",
                        "observedGeneration: 3")
                .replace(condition("Ready", "True", "Serving", "clients can connect to 203.0.113.1"),
                        condition("Ready", "False", "PodNotStarting", said) + ", "
                                + condition("DataPlaneReady", "False", "PodNotStarting", said) + ", "
                                + condition("AddressAvailable", "False", "NoAddress", "no ready pod has an address"));
        Pod ended = new PodBuilder(pod("False")).editStatus()
                .addNewContainerStatus()
                .withRestartCount(4)
                .withNewLastState()
                .withNewTerminated()
                .withExitCode(1)
                .withMessage("listen: cannot listen on TCP 0.0.0.0:1723 (address in use)")
                .endTerminated()
                .endLastState()
                .endContainerStatus()
                .endStatus()
                .build();
        var exam = new ServerExam(server("", status), List.of(ended),
                Map.of("office-pptp-0", "Back-off restarting failed container"), List.of(), 0, List.of(),
                Network.UNKNOWN, false, Optional.of("alice"));

        assertThat(ServerDiagnosis.of(exam)).singleElement().satisfies(it -> {
            assertThat(it.found()).isEqualTo("PodNotStarting: " + said);
            assertThat(it.remedies()).first().asString().contains("ss -ltnp");
            assertThat(it.consequences()).containsExactly(
                    "Kubernetes says of pod office-pptp-0: Back-off restarting failed container",
                    "pod office-pptp-0 was restarted 4 times", "no pod is ready, and nobody can connect",
                    "there is no address to dial");
        });
    }

    @Test
    void aSpecThatCannotBeReconciledIsTheCauseOfWhatItsUsersMiss() {
        String status = SERVING.replace("conditions: [",
                "conditions: [" + condition("Reconciled", "False", "InvalidSpec", "localIP is in pools") + ", "
                        + condition("PoolsSufficient", "Unknown", "NotReconciled", "not known") + ", ");
        var exam = new ServerExam(server("", status), List.of(pod("True")), Map.of(), List.of(), 0, List.of(),
                Network.UNKNOWN, false, Optional.of("alice"));

        assertThat(ServerDiagnosis.of(exam)).filteredOn(it -> it.level() == Level.PROBLEM)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.found()).isEqualTo("InvalidSpec: localIP is in pools");
                    assertThat(it.consequences())
                            .containsExactly("VpnUser alice: what was changed about it does not apply here");
                });
    }

    @Test
    void aPodThatIsMissingBesideOthersKeepsNobodyOut() {
        String status = SERVING.replace(condition("Ready", "True", "Serving", "clients can connect to 203.0.113.1"),
                condition("Ready", "False", "PodNotScheduled", "1 of 2 pods are ready") + ", "
                        + condition("Available", "True", "Serving", "1 of 2 pods serve them") + ", "
                        + condition("DataPlaneReady", "False", "PodNotScheduled", "1 of 2 pods are ready"));

        assertThat(findings(server("", status))).extracting(Finding::level, Finding::found)
                .containsExactly(tuple(Level.OK, "1 of 2 pods serve them"),
                        tuple(Level.WARNING, "PodNotScheduled: 1 of 2 pods are ready"));
    }

    @Test
    void withoutAnOperatorTheStatusIsWhatWasTrueBefore() {
        String stale = SERVING.replace("observedGeneration: 3", "observedGeneration: 2");
        var exam = new ServerExam(server("", stale), List.of(pod("True")), Map.of(), List.of(), 0, List.of(),
                Network.UNKNOWN, true, Optional.empty());

        assertThat(ServerDiagnosis.of(exam)).containsExactly(
                Finding.unknown("PptpServer office", "before its last change: clients can connect to 203.0.113.1"));
    }

    @ParameterizedTest
    @EnumSource(value = Reach.Control.class, names = "ANSWERS", mode = EnumSource.Mode.EXCLUDE)
    void whateverKeepsThePortFromAnsweringIsAProblemWithRemedies(Reach.Control control) {
        assertThat(findings(server("", SERVING), reach(control)))
                .filteredOn(it -> it.subject().equals("203.0.113.1 port 1723"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.level()).isEqualTo(Level.PROBLEM);
                    assertThat(it.remedies()).isNotEmpty();
                });
    }

    @Test
    void withoutARawSocketGreIsUnknown() {
        assertThat(findings(server("", SERVING), reach(Reach.Control.ANSWERS)))
                .filteredOn(it -> it.subject().equals("203.0.113.1 GRE"))
                .singleElement()
                .satisfies(it -> assertThat(it.level()).isEqualTo(Level.UNKNOWN))
                .satisfies(it -> assertThat(it.found()).contains("needs root on Linux"));
    }

    @Test
    void aProbeThatFailsTellsItsPhaseAndWhatWindowsShows() {
        assertThat(findings(server("", SERVING), reach(Optional.of(Phase.GRE_BACK))))
                .contains(Finding.problem("203.0.113.1 GRE",
                        "a call ends at gre-back (Windows: error 806): The way back is blocked.", "the router"));
    }

    @Test
    void privateAddressesAreWorthAWord() {
        String status = SERVING.replace("203.0.113.1", "192.168.0.7");

        assertThat(findings(server("", status)))
                .anySatisfy(it -> assertThat(it.found()).isEqualTo("its addresses are private: 192.168.0.7"));
        assertThat(findings(server("", status.replace("ExternalIP", "Configured"))))
                .noneSatisfy(it -> assertThat(it.found()).contains("private"));
    }

    @Test
    void ciliumDropsGreOfPodsUnlessToldOtherwise() {
        PptpServer server = server("exposure: {type: PodNetwork}", SERVING);
        var closed = new Network(Optional.of("cilium"), Optional.of(false), Optional.of(false));
        var open = new Network(Optional.of("cilium"), Optional.of(true), Optional.of(false));

        assertThat(findings(server, closed, List.of(), 0)).anySatisfy(it -> {
            assertThat(it.level()).isEqualTo(Level.PROBLEM);
            assertThat(it.remedies().getFirst()).contains("enable-extended-ip-protocols");
        });
        assertThat(findings(server, open, List.of(), 0)).noneMatch(it -> it.level() == Level.PROBLEM);
    }

    @Test
    void aNetworkPolicyShutsGreOutOfThePodNetwork() {
        assertThat(findings(server("exposure: {type: PodNetwork}", SERVING), Network.UNKNOWN, List.of("deny-all"), 0))
                .anySatisfy(it -> {
                    assertThat(it.level()).isEqualTo(Level.PROBLEM);
                    assertThat(it.found()).startsWith("NetworkPolicy deny-all selects its pods");
                });
    }

    @Test
    void ciliumsHostFirewallIsNamedOnTheHostNetwork() {
        var network = new Network(Optional.of("cilium"), Optional.of(false), Optional.of(true));

        assertThat(findings(server("", SERVING), network, List.of(), 0))
                .anySatisfy(it -> assertThat(it.found()).startsWith("Cilium's host firewall is on"));
    }

    @Test
    void callsWhoseGreNeverCameAreCounted() {
        assertThat(findings(server("", SERVING), Network.UNKNOWN, List.of(), 7)).anySatisfy(it -> assertThat(it.found())
                .isEqualTo("7 calls of the last hour ended because nothing of the client's GRE arrived"));
    }

    @Test
    void whatWindowsCannotDoIsSaid() {
        assertThat(findings(server("authentication: {methods: [MSCHAPv1]}, encryption: {keyLengths: [40]}", SERVING)))
                .extracting(Finding::found)
                .contains(
                        "MSCHAPv2 is not among authentication.methods: Windows cannot encrypt, and by default does not"
                                + " connect",
                        "128 is not among encryption.keyLengths: Windows refuses shorter keys (error 741 or 742)");
    }
}
