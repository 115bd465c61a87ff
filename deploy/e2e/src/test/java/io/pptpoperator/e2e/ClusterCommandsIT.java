package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import io.pptpoperator.e2e.DocumentedCommands.Entry;
import io.pptpoperator.e2e.DocumentedCommands.Place;
import io.pptpoperator.e2e.DocumentedCommands.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The commands of README and docs/ that are for a cluster do on one what their pages say. */
@OnTheCluster
final class ClusterCommandsIT {

    private final Lab lab;
    private final Node node;
    private final Cluster cluster;

    ClusterCommandsIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @AfterAll
    void remove() {
        node.kubectl("delete", "pptps,vpnu", "--all", "--namespace", Cluster.VPN, "--ignore-not-found");
        node.kubectl("delete", "namespace", "narrow", "--ignore-not-found", "--wait=false");
    }

    /** Nearly every block needs what an earlier one made. */
    @TestFactory
    Stream<DynamicTest> everyBlockDoesWhatItsPageSays(@TempDir Path folder) throws IOException {
        // Whoever dials is a machine of the clients' network, with this machine's files.
        Reader reader = Reader.ofTheTree(folder, lab.crowd());
        reader.program("kubectl-pptp",
                "exec " + Repository.path("operator/kubectl-plugin/target/kubectl-pptp") + " \"$@\"");
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.copy(node.kubeconfig(), kubeconfig);
        node.kubectl("delete", "pptps,vpnu", "--all", "--namespace", Cluster.VPN, "--ignore-not-found");
        return DocumentedCommands.ALL.stream()
                .filter(entry -> entry.fate() instanceof Run run && run.where() == Place.CLUSTER)
                .map(entry -> DynamicTest.dynamicTest(entry.toString(),
                        () -> check(entry, (Run) entry.fate(), reader, kubeconfig)));
    }

    private void check(Entry entry, Run run, Reader reader, Path kubeconfig) {
        Outcome outcome = reader.run(entry.block(), run, environment(kubeconfig));

        assertThat(outcome.status()).as(outcome.output()).isEqualTo(run.status());
        assertThat(outcome.output()).containsPattern(run.output());
    }

    /** As it is for a person who works in the server's namespace, once there is one. */
    private Map<String, String> environment(Path kubeconfig) {
        if (!node.tryKubectl("get", "pptps/office", "vpnu/alice", "--namespace", Cluster.VPN).succeeded()) {
            return Map.of("KUBECONFIG", kubeconfig.toString());
        }
        node.kubectl("config", "--kubeconfig", kubeconfig.toString(), "set-context", "--current", "--namespace",
                Cluster.VPN);
        String secret = cluster.field("vpnu/alice", ".status.passwordSecret");
        byte[] password = Base64.getDecoder().decode(cluster.field("secret/" + secret, ".data.password"));
        return Map.of("KUBECONFIG", kubeconfig.toString(), "PPTP_PASSWORD",
                new String(password, StandardCharsets.UTF_8), "ADDRESS",
                cluster.field("pptps/office", ".status.address"));
    }
}
