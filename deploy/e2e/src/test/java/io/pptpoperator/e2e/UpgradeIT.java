package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * From the previous release to this one and back, with clients connected all the while, as docs/upgrade.md says. This
 * is where the shared cluster has another release for a time; afterwards it has this one again.
 */
@OnTheCluster
final class UpgradeIT {

    /** kubectl takes several files with commas between them. */
    private static final String INSTALLATION = Repository.text("deploy/crds.yaml") + ","
            + Repository.text("deploy/install.yaml");
    private static final String VERSIONS = "versions";
    private static final String POD = "pod/branch-pptp-0";

    /** What users of the previous release have in Git, ready for the upgrade. This release reads its names too. */
    private static final String MANIFESTS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: versions, labels: {pod-security.kubernetes.io/enforce: privileged}}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: branch, namespace: versions}
            spec:
              localIp: 192.168.79.1
              pools: [192.168.79.100-200]
              drainTimeout: 3s
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: passwords, namespace: versions, labels: {pptp-operator.io/password: "true"}}
            stringData: {grace: secret-g, heidi: secret-h}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: VpnUser
            metadata: {name: grace, namespace: versions}
            spec: {enabled: true, password: {secretKeyRef: {name: passwords, key: grace}}}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: VpnUser
            metadata: {name: heidi, namespace: versions}
            spec:
              enabled: true
              address: 192.168.79.150
              password: {secretKeyRef: {name: passwords, key: heidi}}
            """;

    private final Lab lab;
    private final Cluster cluster;
    private final Node node;
    private PreviousRelease previous;

    UpgradeIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @BeforeAll
    void havePreviousRelease() {
        previous = PreviousRelease.built();
        node.load(previous.images());
        cluster.clearNodes();
    }

    @AfterAll
    void haveThisRelease() {
        node.kubectl("delete", "namespace", VERSIONS, "--ignore-not-found");
        install(INSTALLATION);
    }

    /** Takes the one step that docs/upgrade.md has for CRDs and operator, and waits for the operator. */
    private void install(String installation) {
        node.kubectl("apply", "--server-side", "--force-conflicts", "--filename", installation);
        cluster.awaitOperator();
    }

    @Test
    void clientsAreBackWithTheirAddressesAfterAnUpgradeAndAfterTheWayBack() {
        String thisVersion = tag(
                cluster.field("pptp-system", "deployment/pptp-operator", ".spec.template.spec.containers[0].image"));
        install(previous.installation());
        node.apply(MANIFESTS);
        cluster.awaitReady(VERSIONS, "pptps/branch");
        assertThat(tag(cluster.field(VERSIONS, POD, ".spec.containers[0].image"))).isEqualTo(PreviousRelease.TAG);

        try (var grace = connect(lab.laptop(), "grace", "secret-g");
                var heidi = connect(lab.desktop(), "heidi", "secret-h")) {
            awaitConnected("grace", grace);
            awaitConnected("heidi", heidi);

            change(INSTALLATION, thisVersion, "9.9.9.9", grace, heidi);
            change(previous.installation(), PreviousRelease.TAG, "1.1.1.1", grace, heidi);
        }
    }

    private static PppClient connect(Guest guest, String user, String password) {
        Dial dial = Cluster.dial(user, password)
                .with("persist", "maxfail 0", "holdoff 1", "lcp-echo-interval 2", "lcp-echo-failure 5");
        return Cluster.connect(guest, dial);
    }

    /** Installs a release, and looks that both clients are told, come back, and are what they were. */
    private void change(String installation, String version, String dns, PppClient grace, PppClient heidi) {
        int graceBefore = grace.output().size();
        int heidiBefore = heidi.output().size();
        String addresses = grace.localAddress() + " " + heidi.localAddress();

        install(installation);

        Await.until("the pod is one of " + version, Cluster.PATIENCE, () -> tag(
                node.tryKubectl("get", "--namespace", VERSIONS, POD, "--output", "jsonpath={.spec.containers[0].image}")
                        .output())
                .equals(version));
        grace.output().awaitFrom(graceBefore, "LCP terminated by peer", Cluster.PATIENCE);
        heidi.output().awaitFrom(heidiBefore, "LCP terminated by peer", Cluster.PATIENCE);
        grace.awaitUpAgain(graceBefore);
        heidi.awaitUpAgain(heidiBefore);
        cluster.awaitReady(VERSIONS, "pptps/branch");
        cluster.awaitReady(VERSIONS, "vpnu/grace");
        awaitConnected("grace", grace);
        awaitConnected("heidi", heidi);
        assertThat(grace.localAddress() + " " + heidi.localAddress()).isEqualTo(addresses);
        assertThat(Cluster.reaches(lab.laptop(), Lab.WEB)).isTrue();
        assertThat(Cluster.reaches(lab.desktop(), Lab.WEB)).isTrue();
        awaitApplied(dns);
    }

    private void awaitConnected(String user, PppClient client) {
        cluster.awaitField(VERSIONS, "vpnu/" + user, ".status.state", "Connected");
        Await.until(user + " is shown with its address", Cluster.PATIENCE,
                () -> cluster.field(VERSIONS, "vpnu/" + user, ".status.session.address").equals(client.localAddress()));
    }

    /** The release that runs now looks after what the other one has made. */
    private void awaitApplied(String dns) {
        node.kubectl("patch", "--namespace", VERSIONS, "pptps/branch", "--type", "merge", "--patch",
                "{\"spec\": {\"dns\": [\"" + dns + "\"]}}");
        Await.until("the operator has seen the newest spec, and the pod goes by it", Cluster.PATIENCE,
                () -> cluster.field(VERSIONS, "pptps/branch", ".status.observedGeneration")
                        .equals(cluster.field(VERSIONS, "pptps/branch", ".metadata.generation"))
                        && cluster
                                .field(VERSIONS, "pptps/branch",
                                        ".status.conditions[?(@.type==\"ConfigurationApplied\")].status")
                                .equals("True"));
    }

    private static String tag(String image) {
        return image.substring(image.lastIndexOf(':') + 1);
    }
}
