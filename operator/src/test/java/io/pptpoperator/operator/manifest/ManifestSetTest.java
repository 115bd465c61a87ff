package io.pptpoperator.operator.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.operator.ObjectKey;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ManifestSetTest {

    private static final String SERVER = """
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: office}
            spec: {localIP: 10.8.0.1, pools: [10.8.0.2-254]}
            """;

    @Test
    void severalDocumentsAndFilesMakeOneSet() {
        ManifestSet set = read(SERVER + "---\n# nothing\n---\n" + """
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUser
                metadata: {name: alice, namespace: vpn}
                spec: {validUntil: 2030-01-01T00:00:00Z}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: s}
                data: {a: c2VjcmV0}
                stringData: {b: "007"}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: vpn, labels: {served-by.pptp-operator.io/default: "true"}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: vpn}
                """);

        assertThat(set.servers()).containsOnlyKeys(new ObjectKey("default", "office"));
        assertThat(set.servers().values()).first()
                .satisfies(server -> assertThat(server.resource().getSpec().authentication().retries()).isEqualTo(2));
        assertThat(set.users()).containsOnlyKeys(new ObjectKey("vpn", "alice"));
        assertThat(set.secrets().get(new ObjectKey("default", "s")).resource()).containsEntry("a", "c2VjcmV0")
                .containsEntry("b", "MDA3");
        assertThat(set.ignored()).singleElement().asString().contains("vpn.yaml:24 (document 6)", "v1 Service");
        assertThat(set.namespaces())
                .containsExactly(Map.entry("vpn", Map.of("served-by.pptp-operator.io/default", "true")));
    }

    @Test
    void errorsNameFileLineDocumentAndField() {
        assertProblem(
                SERVER + "---\n"
                        + SERVER.replace("office", "home")
                                .replace("10.8.0.1", "here")
                                .replace("spec: {", "spec: {dnss: [1.1.1.1], "),
                "vpn.yaml:9 (document 2): spec.dnss: is not a known field");
        assertProblem(SERVER.replace("[10.8.0.2-254]", "10.8.0.2-254"),
                "vpn.yaml:4 (document 1): spec.pools: must be a list");
        assertProblem(SERVER.replace("localIP: 10.8.0.1, ", ""), "(document 1): spec.localIP: is missing");
        assertProblem(SERVER.replace("spec:", "spce:"), "vpn.yaml:4 (document 1): spce: is not a known field");
        assertProblem(SERVER.replace("office", "Office"), "vpn.yaml:3 (document 1): metadata.name: 'Office' must be");
        assertProblem(SERVER.replace("v1alpha1", "v2"), "vpn.yaml:2 (document 1): kind: 'pptp-operator.io/v2 PptpS");
        assertProblem(SERVER + "---\n" + SERVER, "PptpServer default/office stands in vpn.yaml (document 1) already");
        assertProblem("- a list", "vpn.yaml:1 (document 1): a manifest is a mapping");
    }

    @Test
    void errorsNeverQuoteSecrets() {
        for (String bad : List.of("stringData: {password: [hunter2]}", "stringData: {password: 2222.hunter2",
                "data: {password: '!hunter2'}", "stringData: {password: hunter2, password: hunter2}",
                "stringData: {password: &hunter2 [}", "stringData: {password: *hunter2}")) {
            String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n" + bad;
            assertThatThrownBy(() -> read(secret)).isInstanceOf(ManifestException.class)
                    .hasMessageContaining("vpn.yaml")
                    .message()
                    .doesNotContain("hunter2");
        }
    }

    @Property(tries = 200)
    void anyTextIsReadOrRefusedInOrder(@ForAll String text, @ForAll String inserted, @ForAll int where) {
        String mutated = SERVER.substring(0, Math.floorMod(where, SERVER.length())) + inserted
                + SERVER.substring(Math.floorMod(where, SERVER.length()));
        for (String each : List.of(text, mutated)) {
            try {
                assertThat(read(each).servers().size()).isLessThanOrEqualTo(1);
            } catch (ManifestException e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    private static void assertProblem(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ManifestException.class).hasMessageContaining(message);
    }

    private static ManifestSet read(String yaml) {
        return ManifestSet.read(List.of(new ManifestText("vpn.yaml", yaml)), spec -> {});
    }
}
