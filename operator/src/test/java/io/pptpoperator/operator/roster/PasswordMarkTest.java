package io.pptpoperator.operator.roster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.resource.Owners;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordMarkTest {

    private static Secret secret(Map<String, String> labels) {
        return new SecretBuilder().withNewMetadata().withName("s").withLabels(labels).endMetadata().build();
    }

    @Test
    void theLabelIsTheMark() {
        assertThat(PasswordMark.isOn(secret(Map.of("pptp-operator.io/password", "true")))).isTrue();
        assertThat(PasswordMark.isOn(secret(null))).isFalse();
        assertThat(PasswordMark.isOn(secret(Map.of("app.kubernetes.io/managed-by", "pptp-operator")))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "True", "", "1"})
    void noOtherValueIs(String value) {
        assertThat(PasswordMark.isOn(secret(Map.of("pptp-operator.io/password", value)))).isFalse();
    }

    /** A release that marks takes over from one that did not, and nobody is left out meanwhile. */
    @Test
    void whatWasGeneratedWithoutAMarkStillCounts() {
        Secret generated = GeneratedPassword.secret(Manifests.user("alice", ""), "secret");
        generated.getMetadata().getLabels().remove(PasswordMark.LABEL);
        Secret rendered = secret(null);
        rendered.getMetadata()
                .getOwnerReferences()
                .add(Owners.controller(Manifests.server("office", "localIP: 10.8.0.1, pools: [10.8.0.2-9]")));

        assertThat(PasswordMark.isOn(generated)).isTrue();
        assertThat(PasswordMark.isOn(rendered)).as("a server's own").isFalse();
    }
}
