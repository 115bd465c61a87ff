package io.pptpoperator.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The CRDs committed beside the pom are those of the Java model. After a change of the model, make them anew with
 * {@code mvn -pl crds test -Dtest=CommittedCrdsTest -Dcrds.write}, and commit them.
 */
class CommittedCrdsTest {

    /** {@code kubectl apply} keeps the last version in an annotation, which may not be longer. */
    private static final int MAX_ANNOTATION = 262_144;

    record Committed(Class<? extends CustomResource<?, ?>> kind) {

        Path file() {
            return Path.of(CustomResource.getCRDName(kind) + ".yaml");
        }

        JsonNode schema() throws IOException {
            return new YAMLMapper().readTree(file().toFile()).at("/spec/versions/0/schema/openAPIV3Schema");
        }

        @Override
        public String toString() {
            return kind.getSimpleName();
        }
    }

    static Stream<Committed> crds() {
        return Stream.of(new Committed(PptpServer.class), new Committed(VpnUser.class),
                new Committed(VpnProfile.class));
    }

    @ParameterizedTest
    @MethodSource("crds")
    void theCommittedCrdIsTheOneTheModelGenerates(Committed crd) throws IOException {
        String generated = CrdGeneration.yaml(crd.kind());
        if (System.getProperty("crds.write") != null) {
            Files.writeString(crd.file(), generated);
        }
        assertThat(crd.file()).as("run: mvn -pl crds test -Dtest=CommittedCrdsTest -Dcrds.write")
                .exists()
                .content()
                .isEqualTo(generated);
    }

    @ParameterizedTest
    @MethodSource("crds")
    void everyFieldIsDescribed(Committed crd) throws IOException {
        var missing = new ArrayList<String>();
        collectUndescribed(crd.schema(), "", missing);
        assertThat(missing).isEmpty();
    }

    /** Without them server-side apply guesses, and clients do not know how large a number may be. */
    @ParameterizedTest
    @MethodSource("crds")
    void everyListSaysHowItIsMergedAndEveryIntegerItsSize(Committed crd) throws IOException {
        var lists = crd.schema().findParents("items");
        var integers = crd.schema()
                .findParents("type")
                .stream()
                .filter(it -> it.path("type").asText().equals("integer") && it.path("anyOf").isMissingNode())
                .filter(it -> it.size() > 1 || it.has("format"))
                .filter(it -> !it.path("description").asText().startsWith(FormerNames.DESCRIPTION))
                .toList();

        assertThat(lists).hasSizeGreaterThan(5)
                .allSatisfy(it -> assertThat(it.path("x-kubernetes-list-type").asText()).as("%s", it)
                        .isIn("atomic", "set", "map"));
        assertThat(integers).hasSizeGreaterThan(2)
                .allSatisfy(it -> assertThat(it.path("format").asText()).as("%s", it).isIn("int32", "int64"));
    }

    private static void collectUndescribed(JsonNode schema, String path, List<String> missing) {
        schema.path("properties").properties().forEach(property -> {
            String child = path + "." + property.getKey();
            if (!property.getValue().hasNonNull("description")) {
                missing.add(child);
            }
            collectUndescribed(property.getValue(), child, missing);
        });
        if (schema.has("items")) {
            collectUndescribed(schema.get("items"), path + "[]", missing);
        }
    }

    @ParameterizedTest
    @MethodSource("crds")
    void kubectlApplyCanCarryIt(Committed crd) throws IOException {
        assertThat(Files.size(crd.file())).isLessThan(MAX_ANNOTATION);
    }

    @Test
    void columnsStartWithReadyAndEndWithAge() throws IOException {
        for (Committed crd : crds().toList()) {
            JsonNode columns = new YAMLMapper().readTree(crd.file().toFile())
                    .at("/spec/versions/0/additionalPrinterColumns");
            assertThat(columns.path(0).path("name").asText()).isEqualTo("Ready");
            assertThat(columns.path(columns.size() - 1).path("name").asText()).isEqualTo("Age");
        }
    }
}
