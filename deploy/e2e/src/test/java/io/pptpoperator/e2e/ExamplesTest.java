package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever applies one example after another in one cluster has all of them afterwards. */
final class ExamplesTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** What a file brings, and the namespace that it gives to what names none. */
    private record Example(String file, JsonNode object, String namespace) {

        String key() {
            String own = object.at("/metadata/namespace").asText();
            return object.path("kind").asText() + " " + (own.isEmpty() ? namespace : own) + "/"
                    + object.at("/metadata/name").asText();
        }
    }

    private static List<Example> examples() throws IOException {
        var examples = new ArrayList<Example>();
        try (Stream<Path> files = Files.walk(Repository.path("deploy/examples"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".yaml"))
                    // Not for clusters; and patches of what the base has.
                    .filter(it -> !it.toString().contains("/one-machine/") && !it.toString().contains("/production/"))
                    .sorted()
                    .toList()) {
                Path kustomization = file.resolveSibling("kustomization.yaml");
                String namespace = Files.exists(kustomization)
                        ? YAML.readTree(kustomization.toFile()).path("namespace").asText()
                        : "";
                var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile());
                documents.readAll().forEach(it -> examples.add(new Example(file.toString(), it, namespace)));
            }
        }
        return examples;
    }

    @Test
    void noTwoExamplesBringTheSameObject() throws IOException {
        List<String> keys = examples().stream()
                .filter(it -> !it.object().path("kind").asText().equals("Namespace"))
                .map(Example::key)
                .toList();

        assertThat(keys).hasSizeGreaterThan(12).doesNotHaveDuplicates();
    }

    @Test
    void noTwoServersHaveTheSameAddresses() throws IOException {
        List<String> networks = examples().stream()
                .filter(it -> it.object().path("kind").asText().equals("PptpServer"))
                .map(it -> it.object().at("/spec/localIP").asText())
                .map(address -> address.substring(0, address.lastIndexOf('.')))
                .toList();

        assertThat(networks).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    }

    @Test
    void aNamespaceOfTwoExamplesIsTheSameInBoth() throws IOException {
        examples().stream()
                .filter(it -> it.object().path("kind").asText().equals("Namespace"))
                .forEach(it -> assertThat(it.object().at("/metadata/labels")).as(it.file())
                        .isEqualTo(YAML.createObjectNode().put("pod-security.kubernetes.io/enforce", "privileged")));
    }
}
