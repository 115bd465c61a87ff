package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

    @Test
    void theEffectiveSetIsReadFromTheStatusFile() {
        Capabilities docker = Capabilities
                .parse(List.of("Name:\tjava", "CapPrm:\t000001ffffffffff", "CapEff:\t00000000a80425fb"));
        assertThat(docker.netRaw()).isTrue();
        assertThat(docker.netAdmin()).isFalse();
        assertThat(HostChecks.problemsOf(docker)).singleElement().asString().contains("CAP_NET_ADMIN is missing");
        assertThat(HostChecks.problemsOf(new Capabilities(0x3000))).isEmpty();
        assertThat(HostChecks.problemsOf(new Capabilities(0))).hasSize(2);
    }

    @Test
    void aStatusFileWithoutTheSetIsRefused() {
        assertThatThrownBy(() -> Capabilities.parse(List.of("CapEff:\tx"))).hasMessageContaining("CapEff");
    }

    @Test
    void thisProcessHasASet() {
        assertThat(Capabilities.ofThisProcess()).isNotNull();
    }
}
