package io.pptpoperator.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrdSchemaTest {

    private static final CrdSchema SERVER = CrdSchema.of(PptpServer.class);
    private static final CrdSchema USER = CrdSchema.of(VpnUser.class);

    @Test
    void defaultsAreFilledInAtEveryDepth() throws JsonProcessingException {
        ObjectNode resource = yaml("{spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], nat: {uplink: eth1}}}");

        SERVER.fillDefaults(resource);
        PptpServerSpec spec = Serialization.unmarshal(resource.toString(), PptpServer.class).getSpec();

        assertThat(spec.replicas()).isEqualTo(1);
        assertThat(spec.exposure().type()).isEqualTo(Exposure.Type.HostNetwork);
        assertThat(spec.authentication().methods()).containsExactly(Authentication.Method.MSCHAPV2);
        assertThat(spec.nat()).isEqualTo(new Nat(true, "eth1", null));
        assertThat(spec.limits().maxSessions()).isEqualTo(10_000);
        assertThat(SERVER.problems(resource)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    {}                                                                | spec: is missing
                    {spec: {pools: [10.8.0.2-9]}}                                     | spec.localIP: is missing
                    {spec: {localIP: 10.8.0.1, pools: []}}                            | spec.pools: must have 1 items or more
                    {spec: {localIP: 10.8.0.1, pools: 10.8.0.2-9}}                    | spec.pools: must be a list
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], ports: 1}}        | spec.ports: is not a known field
                    {spec: {localIP: 10.8.0.1, pools: [7]}}                           | spec.pools[0]: must be a text; put it into quotes
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], replicas: many}}  | spec.replicas: must be a whole number
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], replicas: 1000}}  | spec.replicas: must be 100 at most
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], nat: yes}}        | spec.nat: must be a mapping
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], nat: {enabled: 'no'}}} | spec.nat.enabled: must be true or false
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], nat: {uplink: a/b}}}   | spec.nat.uplink: 'a/b' does not match
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], limits: {sessions: 5}}} | spec.limits.sessions: is called limits.maxSessions now
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], workload: Job}}   | spec.workload: 'Job' is not one of [DaemonSet, StatefulSet]
                    {spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9], mtu: [1]}}        | spec.mtu: must be a number or a text
                    """)
    void whatTheSchemaRefusesIsNamed(String server, String problem) throws JsonProcessingException {
        assertThat(SERVER.problems(yaml(server))).singleElement().asString().startsWith(problem);
    }

    @Test
    void aTimeIsATime() throws JsonProcessingException {
        assertThat(USER.problems(yaml("{spec: {validUntil: '2030-01-01T00:00:00Z'}}"))).isEmpty();
        assertThat(USER.problems(yaml("{spec: {validUntil: tomorrow}}")))
                .containsExactly("spec.validUntil: 'tomorrow' is not a time such as 2030-01-01T00:00:00Z");
    }

    private static ObjectNode yaml(String text) throws JsonProcessingException {
        return (ObjectNode) new YAMLMapper().readTree(text);
    }
}
