package io.pptpoperator.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.ConfigWriter;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.setting.SecretText;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.render.RadiusProblem.Reason;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.roster.SecretLookup;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RadiusRenderingTest {

    private static final String SERVER = "localIP: 10.8.0.1, pools: [10.8.0.2-254], ";
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String PLAIN = SERVER + """
            users: {source: Radius},
            radius: {servers: [{host: radius-1.example.com, secret: {secretKeyRef: {name: one, key: secret}}},
                               {host: radius-2.example.com, secret: {secretKeyRef: {name: two, key: secret}}}]}""";

    private final Map<ObjectKey, Map<String, String>> secrets = new HashMap<>();

    private void secret(String name, Map<String, String> texts) {
        var data = new HashMap<String, String>();
        texts.forEach((key, text) -> data.put(key,
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        secrets.put(new ObjectKey("vpn", name), data);
    }

    private RadiusRendering render(String spec) {
        return render(spec, RadiusMemory.NONE, NOW);
    }

    private RadiusRendering render(String spec, RadiusMemory before, Instant now) {
        PptpServer server = Manifests.server("office", spec);
        ServerConfig config = ServerRendering
                .of(server, ServerObjects.admin(server), Optional.of(Ipv4Address.parse("10.96.0.10")))
                .config();
        SecretLookup lookup = key -> Optional.ofNullable(secrets.get(key));
        return RadiusRendering.of(server, config, lookup, before, now).orElseThrow();
    }

    @Test
    void everySettingArrives() {
        secret("radius", Map.of("udp", "hush\n", "coa", "shush"));
        secret("radius-ca", Map.of("ca.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"));
        secret("client",
                Map.of("tls.crt", "-----BEGIN CERTIFICATE-----\n", "tls.key", "-----BEGIN PRIVATE KEY-----\n"));
        RadiusRendering rendering = render(SERVER + """
                authentication: {timeout: 1m}, users: {source: ResourcesThenRadius},
                radius: {timeout: 2s, attempts: 4, deadTime: 0s, requireMessageAuthenticator: false,
                         nasIdentifier: vpn-1,
                         accounting: {enabled: true, interval: 5m, whenUnreachable: Refuse},
                         dynamicAuthorization: {enabled: true, port: 1700, clients: [10.0.0.5/32],
                                                secret: {secretKeyRef: {name: radius, key: coa}}},
                         servers: [{host: 192.0.2.7, authenticationPort: 1645, accountingPort: 1646, priority: 2,
                                    secret: {secretKeyRef: {name: radius, key: udp}}},
                                   {host: radius.example.com, transport: Tls,
                                    tls: {ca: {secretKeyRef: {name: radius-ca, key: ca.crt}}, serverName: r.example.com,
                                          certificate: {secretName: client}}}]}""");

        assertThat(rendering.problems()).isEmpty();
        RadiusConfig config = rendering.config();
        assertThat(config.source()).isEqualTo(RadiusConfig.Source.RESOURCES_THEN_RADIUS);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.attempts()).isEqualTo(4);
        assertThat(config.deadTime()).isEqualTo(Duration.ZERO);
        assertThat(config.requireMessageAuthenticator()).isFalse();
        assertThat(config.nasIdentifier()).isEqualTo("vpn-1");
        assertThat(config.accounting()).isEqualTo(new RadiusConfig.Accounting(true, Duration.ofMinutes(5),
                RadiusConfig.Accounting.WhenUnreachable.REFUSE));
        assertThat(config.dynamicAuthorization().clients()).containsExactly(Ipv4Prefix.parse("10.0.0.5/32"));
        assertThat(config.dynamicAuthorization().secret()).contains(new SecretText("shush"));
        RadiusConfig.Server udp = config.servers().getFirst();
        assertThat(udp.secret()).as("without the line feed of a file").contains(new SecretText("hush"));
        assertThat(udp.loginPort()).hasValue(1645);
        assertThat(udp.recordPort()).hasValue(1646);
        assertThat(udp.priority()).isEqualTo(2);
        RadiusConfig.Tls tls = config.servers().get(1).tls().orElseThrow();
        assertThat(tls.ca()).contains("MIIB");
        assertThat(tls.serverName()).contains("r.example.com");
        assertThat(tls.certificate()).isPresent();
        assertThat(tls.key()).contains(new SecretText("-----BEGIN PRIVATE KEY-----"));
        assertThat(ConfigReader.parseRadius("users.radius.yaml", ConfigWriter.writeRadius(config))).isEqualTo(config);
    }

    @Test
    void podsAreToldApartByTheirIdentifier() {
        secret("one", Map.of("secret", "a"));
        secret("two", Map.of("secret", "b"));
        assertThat(render(PLAIN).config().nasIdentifier()).isEqualTo("vpn/office/{member}");
    }

    @Test
    void aServerWithoutItsSecretIsLeftOutAndTheOthersAreAsked() {
        secret("two", Map.of("secret", "b"));
        RadiusRendering rendering = render(PLAIN);

        assertThat(rendering.config().servers()).map(RadiusConfig.Server::host).containsExactly("radius-2.example.com");
        assertThat(rendering.problems()).hasSize(1).first().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.SecretNotFound);
            assertThat(problem.message())
                    .startsWith("RADIUS server radius-1.example.com: there is no Secret one in"
                            + " namespace vpn with the label pptp-operator.io/radius=true")
                    .contains("kubectl label secret -n vpn one pptp-operator.io/radius=true")
                    .contains("kubectl create secret generic -n vpn one --from-file=secret=FILE");
        });

        secret("one", Map.of("password", "a"));
        assertThat(render(PLAIN).problems()).containsExactly(new RadiusProblem(Reason.SecretKeyNotFound,
                "RADIUS server radius-1.example.com: Secret one has no key secret"));
        secret("one", Map.of("secret", "x".repeat(257)));
        assertThat(render(PLAIN).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.InvalidSecret);
            assertThat(problem.message()).contains("1 to 256 characters").doesNotContain("xxx");
        });
    }

    @Test
    void aSecretThatGoesAwayForAMomentKeepsNobodyOut() {
        secret("one", Map.of("secret", "a"));
        secret("two", Map.of("secret", "b"));
        RadiusRendering first = render(PLAIN);
        assertThat(first.memory().misses()).isFalse();

        secrets.remove(new ObjectKey("vpn", "one"));
        RadiusRendering away = render(PLAIN, first.memory(), NOW);
        assertThat(away.config()).isEqualTo(first.config());
        assertThat(away.problems()).map(RadiusProblem::reason).containsExactly(Reason.SecretNotFound);
        assertThat(away.memory().misses()).isTrue();
        assertThat(render(PLAIN, away.memory(), NOW.plusSeconds(59)).config()).isEqualTo(first.config());
        assertThat(render(PLAIN, away.memory(), NOW.plusSeconds(60)).config().servers()).hasSize(1);

        secret("one", Map.of("secret", "new"));
        RadiusRendering back = render(PLAIN, away.memory(), NOW.plusSeconds(30));
        assertThat(back.config().servers().getFirst().secret()).contains(new SecretText("new"));
        assertThat(back.memory().misses()).isFalse();
        assertThat(back.memory().toString()).doesNotContain("new");
    }

    @Test
    void aKeyThatJavaCannotReadIsNamedWithTheRemedy() {
        secret("ca", Map.of("ca.crt", "-----BEGIN CERTIFICATE-----"));
        secret("client",
                Map.of("tls.crt", "-----BEGIN CERTIFICATE-----", "tls.key", "-----BEGIN RSA PRIVATE KEY-----"));
        RadiusRendering rendering = render(SERVER + """
                radius: {servers: [{host: a, transport: Tls, tls: {ca: {secretKeyRef: {name: ca, key: ca.crt}},
                                    certificate: {secretName: client}}}]}""");
        assertThat(rendering.config().servers()).isEmpty();
        assertThat(rendering.problems()).singleElement()
                .satisfies(it -> assertThat(it.message()).contains("tls.key").contains("openssl pkcs8 -topk8"));
    }

    @Test
    void nobodyMayOrderAnythingWithoutTheSecret() {
        secret("one", Map.of("secret", "a"));
        secret("two", Map.of("secret", "b"));
        RadiusRendering rendering = render(PLAIN.replace("radius: {", """
                radius: {dynamicAuthorization: {enabled: true, clients: [10.0.0.5/32],
                                                secret: {secretKeyRef: {name: three, key: coa}}},\s"""));
        assertThat(rendering.config().dynamicAuthorization().enabled()).isFalse();
        assertThat(rendering.problems()).map(RadiusProblem::reason).containsExactly(Reason.SecretNotFound);
    }

    @Test
    void whatTheSchemaLetsThroughIsRefusedHere() {
        secret("one", Map.of("secret", "a"));
        secret("two", Map.of("secret", "b"));
        assertThatThrownBy(() -> render(PLAIN.replace("radius: {", "radius: {timeout: 9999ms, attempts: 4, ")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(
                        "radius.timeout: 9s999ms times attempts 4 takes as long as" + " authentication.timeout 30s");
        assertThatThrownBy(() -> render(SERVER + "users: {source: Radius}")).isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("users.source: Radius needs radius.servers");
    }

    @Test
    void theFileStandsBesideTheOthersAndIsNoMembers() {
        secret("one", Map.of("secret", "a"));
        secret("two", Map.of("secret", "b"));
        String settings = "{localIP: 10.8.0.1, pools: [10.8.0.2-9]}\n";
        ConfigurationFiles files = new ConfigurationFiles(
                new TreeMap<>(Map.of("z-node.yaml", settings, "pools", "z-node  \n")))
                .withRadius(Optional.of(render(PLAIN)));

        assertThat(files.files().get("users.radius.yaml")).contains("radius-1.example.com");
        assertThat(files.server()).contains(ConfigReader.parseServer("z-node.yaml", settings));
        assertThat(ConfigurationFiles.users(files.files())).isEmpty();
        assertThat(files.withRadius(Optional.empty()).files()).doesNotContainKey("users.radius.yaml");
    }
}
