package io.pptpoperator.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedRbacTest {

    @ParameterizedTest
    @ValueSource(strings = {"operator.yaml", "users.yaml"})
    void noRuleHasAWildcard(String file) throws IOException {
        var roles = new YAMLMapper().readerFor(JsonNode.class)
                .<JsonNode>readValues(Path.of("../deploy/helm/pptp-operator/files/rbac", file).toFile())
                .readAll();

        assertThat(roles).isNotEmpty()
                .allSatisfy(role -> assertThat(role.get("rules")).isNotEmpty()
                        .allSatisfy(rule -> assertThat(rule.toString()).doesNotContain("*")));
    }
}
