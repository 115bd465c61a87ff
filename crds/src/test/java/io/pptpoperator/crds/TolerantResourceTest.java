package io.pptpoperator.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a resource cannot be read costs that alone. */
class TolerantResourceTest {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private static <T> T read(Class<T> kind, String spec) {
        return SERIALIZATION.unmarshal("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: one, namespace: vpn, labels: {a: b}, deletionTimestamp: null}
                spec: %s
                """.formatted(kind.getSimpleName(), spec), kind);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|',
            textBlock = """
                    {validUntil: "2030-01-01T00:00:00+19:00"} | spec.validUntil: '2030-01-01T00:00:00+19:00' is not a time such as 2030-01-01T00:00:00Z
                    {validUntil: "2030-01-01T00:00:00,5Z"}    | spec.validUntil: '2030-01-01T00:00:00,5Z' is not a time such as 2030-01-01T00:00:00Z
                    {maxSessions: 99999999999}                 | spec.maxSessions: '99999999999' is not a whole number from -2147483648 to 2147483647
                    {enabled: perhaps}                        | spec.enabled: 'perhaps' is not true or false
                    {routes: {a: b}}                          | spec.routes: '{"a":"b"}' is not a list
                    {servers: [{name: a}, {name: {}}]}        | spec.servers[1].name: '{}' is not a text
                    {password: text}                          | spec.password: 'text' is not anything that this release of pptp-operator can read
                    text                                      | spec: is not a mapping
                    """)
    void theFieldAndWhatWouldBeRightAreNamed(String spec, String problem) {
        VpnUser user = read(VpnUser.class, spec);

        assertThat(user.isReadable()).isFalse();
        assertThat(user.whyUnreadable()).isEqualTo(problem);
        assertThat(user.getMetadata().getName()).isEqualTo("one");
        assertThat(user.getMetadata().getLabels()).containsEntry("a", "b");
    }

    @Test
    void theRestIsRead() {
        VpnUser user = read(VpnUser.class,
                "{username: alice, maxSessions: 99999999999, servers: [{name: a}], validUntil: never, routes: [10.0.0.0/8]}");

        assertThat(user.unreadable()).extracting(UnreadableField::field)
                .containsExactlyInAnyOrder("spec.validUntil", "spec.maxSessions");
        assertThat(user.username()).isEqualTo("alice");
        assertThat(user.getSpec().routes()).containsExactly("10.0.0.0/8");
        assertThat(user.getSpec().validUntil()).isNull();
        assertThat(user.isReadable("validUntil")).isFalse();
        assertThat(user.isReadable("routes")).isTrue();
    }

    @Test
    void aDefaultTakesThePlaceOfWhatIsLeftOut() {
        PptpServer server = read(PptpServer.class,
                """
                        {localIP: 10.8.0.1, pools: [10.8.0.2-9], realtimePriority: Sometimes, workload: Job, replicas: 12345678901,
                         pod: {affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 12345678901}]}}},
                         exposure: {type: Satellite, addresses: [a]}}""");

        assertThat(server.unreadable()).extracting(UnreadableField::field)
                .containsExactlyInAnyOrder("spec.realtimePriority", "spec.workload", "spec.replicas",
                        "spec.exposure.type",
                        "spec.pod.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight");
        assertThat(server.whyUnreadable()).contains("spec.realtimePriority: 'Sometimes' is not one of [Auto, Never]");
        assertThat(server.getSpec().realtimePriority()).as("left to the release").isNull();
        assertThat(server.getSpec().replicas()).isEqualTo(1);
        assertThat(server.getSpec().exposure().type()).isEqualTo(Exposure.Type.HostNetwork);
        assertThat(server.getSpec().pod().securityProfile()).isEqualTo(PodSettings.SecurityProfile.Capabilities);
        assertThat(server.getSpec().pools()).containsExactly("10.8.0.2-9");
    }

    @Test
    void aServerWithoutSpecCanBeReadToo() {
        PptpServer server = SERIALIZATION.unmarshal(
                "apiVersion: pptp-operator.io/v1alpha1\nkind: PptpServer\nmetadata: {name: one}", PptpServer.class);

        assertThat(server.whyUnreadable()).isEqualTo("spec: is missing");
        assertThat(server.isReadable("users")).isFalse();
        assertThat(server.getSpec().users().namespaces()).isEmpty();
    }

    @Test
    void aListLosesNothing() {
        var list = SERIALIZATION.unmarshal("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUserList
                items:
                  - metadata: {name: broken}
                    spec: {validUntil: "2030-01-01T00:00:00+99:99"}
                  - metadata: {name: whole}
                    spec: {validUntil: "2030-01-01T00:00:00+02:00"}
                    status: {state: OfANewerRelease}
                """, VpnUserList.class).getItems();

        assertThat(list).extracting(VpnUser::isReadable).containsExactly(false, true);
        assertThat(list.getLast().getSpec().validUntil()).isEqualTo(Instant.parse("2029-12-31T22:00:00Z"));
        assertThat(list.getLast().getStatus()).isNull();
    }

    static final class VpnUserList extends DefaultKubernetesResourceList<VpnUser> {}

    @Test
    void aCopyIsSilentAboutNothing() {
        VpnUser user = read(VpnUser.class, "{validUntil: never, username: alice}");

        VpnUser copy = user.withStatus(new VpnUser(), null);

        assertThat(copy.whyUnreadable()).isEqualTo(user.whyUnreadable()).isNotEmpty();
        assertThat(copy.username()).isEqualTo("alice");
    }

    @Test
    void whatIsWholeIsWrittenAsItWas() {
        VpnUser user = read(VpnUser.class, "{username: alice}");

        assertThat(user.unreadable()).isEqualTo(List.of());
        assertThat(SERIALIZATION.asJson(user)).contains("\"spec\":{\"username\":\"alice\"}")
                .doesNotContain("eadable")
                .doesNotContain("eleted");
    }
}
