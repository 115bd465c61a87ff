package io.pptpoperator.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/reference.md is what {@link ReferencePage} makes of the committed CRDs. */
class ReferenceTest {

    private static final Path PAGE = Path.of("../docs/reference.md");

    @Test
    void thePageIsTheOneTheCrdsGenerate() throws IOException {
        var yaml = new YAMLMapper();
        List<JsonNode> crds = List.of(yaml.readTree(Path.of("pptpservers.pptp-operator.io.yaml").toFile()),
                yaml.readTree(Path.of("vpnusers.pptp-operator.io.yaml").toFile()),
                yaml.readTree(Path.of("vpnprofiles.pptp-operator.io.yaml").toFile()));
        String generated = ReferencePage.of(crds);
        if (System.getProperty("crds.write") != null) {
            Files.writeString(PAGE, generated);
        }
        assertThat(PAGE).as("run: mvn -pl crds test -Dtest='CommittedCrdsTest,ReferenceTest' -Dcrds.write")
                .exists()
                .content()
                .isEqualTo(generated);
    }
}
