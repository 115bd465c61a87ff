package io.pptpoperator.operator.pptpdimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.cluster.TestCluster;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A real API server takes what the import writes, its CEL rules included. */
class PptpdImportIT {

    @Test
    void theResultAppliesCleanly() {
        TestCluster cluster = TestCluster.shared();
        String namespace = cluster.newNamespace("import");
        ImportedManifests imported = ImportedManifests.of(new ImportedManifests.Target("pptpd", Optional.of(namespace)),
                PptpdImport.of(new PptpdImport.Sources(new SourceFile("pptpd.conf", """
                        localip 192.168.10.234-238
                        remoteip 192.168.10.234-245,10.9.0-3.7
                        listen 203.0.113.5
                        connections 10
                        bcrelay eth1
                        """), List.of(new SourceFile("options", """
                        require-mschap-v2
                        require-mschap
                        require-mppe
                        mppe-stateful
                        ms-dns 10.0.0.1
                        ms-wins 10.0.0.2
                        mtu 1300
                        idle 0
                        maxconnect 31536000
                        lcp-echo-interval 0
                        lcp-echo-failure 100
                        debug
                        """)), PppdOption.Inclusion.NONE, Optional.of(new SourceFile("chap-secrets", """
                        "DOMAIN\\\\alice" host 'yes' 192.168.10.50
                        "ünï \\"quoted\\""  *  'pä ss: {x} #1'  *
                        bob   host  0123  -
                        """)), "host")));
        assertThat(imported.problems()).isEmpty();

        try (KubernetesClient client = cluster.client()) {
            client.load(new ByteArrayInputStream(imported.yaml().getBytes(StandardCharsets.UTF_8))).serverSideApply();

            assertThat(client.resources(PptpServer.class).inNamespace(namespace).list().getItems()).singleElement()
                    .satisfies(server -> assertThat(server.getSpec().localIP()).isEqualTo("192.168.10.234"));
            assertThat(client.resources(VpnUser.class).inNamespace(namespace).list().getItems()).map(VpnUser::username)
                    .containsExactlyInAnyOrder("DOMAIN\\alice", "ünï \"quoted\"", "bob");
            assertThat(client.secrets().inNamespace(namespace).list().getItems()).hasSize(3);
        }
    }
}
