package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.config.RadiusConfig.Source;
import io.pptpoperator.dataplane.config.setting.SecretText;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadiusConfigTest {

    private static final String SERVER = "{localIP: 10.8.0.1, pools: [10.8.0.2-9]}\n";
    private static final String USERS = "users: []\n";

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenReadsBack() {
        RadiusConfig radius = ConfigReader.parseRadius("users.radius.yaml", ConfigTexts.RADIUS);

        assertThat(radius.source()).isEqualTo(Source.RESOURCES_THEN_RADIUS);
        assertThat(radius.servers().getFirst().secret()).contains(new SecretText("se:cret #1"));
        assertThat(radius.servers().getFirst().loginPort()).hasValue(1645);
        assertThat(radius.servers().getFirst().recordPort()).isEmpty();
        assertThat(radius.servers().get(1).tls().orElseThrow().ca())
                .isEqualTo("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        assertThat(radius.deadTime()).isEqualTo(Duration.ZERO);
        assertThat(radius.dynamicAuthorization().clients()).containsExactly(Ipv4Prefix.parse("10.0.0.5/32"));
        assertThat(ConfigReader.parseRadius("again", ConfigWriter.writeRadius(radius))).isEqualTo(radius);
        assertThat(radius.toString()).doesNotContain("se:cret").doesNotContain("PRIVATE").doesNotContain("other");
    }

    @Test
    void theDefaultsAreThoseThatTheProtocolsName() {
        RadiusConfig radius = ConfigReader.parseRadius("users.radius.yaml", """
                servers:
                - {host: a, secret: s}
                - {host: b, transport: Tls, tls: {ca: "-----BEGIN CERTIFICATE-----"}}
                """);

        assertThat(radius.servers().getFirst().loginPort()).hasValue(1812);
        assertThat(radius.servers().getFirst().recordPort()).hasValue(1813);
        assertThat(radius.servers().getFirst().name()).isEqualTo("a:1812");
        assertThat(radius.servers().get(1).loginPort()).isEqualTo(OptionalInt.of(2083));
        assertThat(radius.servers().get(1).recordPort()).hasValue(2083);
        assertThat(radius.servers().get(1).sharedSecret()).isEqualTo(new SecretText("radsec"));
        assertThat(radius.requireMessageAuthenticator()).isTrue();
        assertThat(radius.decides()).isFalse();
        assertThat(radius.dynamicAuthorization().enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    servers: [{host: a}]                                   | servers[0].secret: is missing
                    servers: [{host: a, transport: Tls}]                   | servers[0].tls: is missing
                    servers: [{host: a, secret: s, tls: {ca: x}}]          | servers[0].tls.ca: 'x' is not possible here
                    servers: [{host: 'a b', secret: s}]                    | servers[0].host: 'a b' is not possible here
                    servers: [{host: a, secret: s, authenticationPort: 0, accountingPort: 0}] | good for nothing
                    servers: [{host: a, transport: Tls, accountingPort: 1813, tls: {ca: -----BEGIN CERTIFICATE-----}}] | one connection
                    dynamicAuthorization: {enabled: true, secret: s}       | dynamicAuthorization.clients: is empty
                    dynamicAuthorization: {enabled: true, clients: [10.0.0.1/32]} | dynamicAuthorization.secret: is missing
                    attempts: 11                                           | 11 is out of bounds; 1 to 10
                    source: Both                                           | one of Resources, Radius, ResourcesThenRadius
                    """)
    void whatCannotWorkIsRefusedWithWhatWouldBeRight(String yaml, String message) {
        assertThatThrownBy(() -> ConfigReader.parseRadius("users.radius.yaml", yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void noMessageShowsASecret() {
        String tooLong = "hush".repeat(100);
        assertThatThrownBy(() -> ConfigReader.parseRadius("users.radius.yaml",
                "servers: [{host: a, secret: " + tooLong + ", transport: Both}]"))
                .hasMessageContaining("1 to 256 characters")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(
                () -> ConfigReader.parseRadius("users.radius.yaml", "servers:\n- host: a\n  secret:hush: x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageNotContaining("hush");
    }

    @Test
    void aLoginMustNotBeGivenUpBeforeTheLastServerWasAsked() {
        String asks = "{source: Radius, timeout: 10s, attempts: 3, servers: [{host: a, secret: s}]}";
        assertThatThrownBy(() -> ConfigReader.parse(SERVER, USERS, asks)).hasMessage(
                "users.radius.yaml:1: timeout: 10s times attempts 3 takes as long as authentication.timeout 30s, after"
                        + " which a login is given up; less, or a longer authentication.timeout, would be right");
        assertThat(ConfigReader.parse(SERVER, USERS, asks.replace("source: Radius, ", "")).radius().attempts())
                .as("nobody waits for the answer")
                .isEqualTo(3);
    }

    @Test
    void eapIsOfferedOnlyWhereRadiusServersSpeakIt() throws IOException {
        String eap = "{localIP: 10.8.0.1, pools: [10.8.0.2-9], authentication: {methods: [EAP, MSCHAPv2]}}\n";
        String asks = "{source: Radius, timeout: 1s, servers: [{host: a, secret: s}]}";
        String message = "server.yaml:1: authentication.methods: has EAP, which only RADIUS servers speak; without it, or"
                + " with source Radius or ResourcesThenRadius in users.radius.yaml, would be right";
        assertThatThrownBy(() -> ConfigReader.parse(eap, USERS)).hasMessage(message);
        assertThatThrownBy(() -> ConfigReader.parse(eap, USERS, asks.replace("source: Radius, ", "")))
                .hasMessage(message);
        Configuration running = ConfigReader.parse(eap, USERS, asks);
        assertThat(ConfigReader.parse(eap, USERS, asks.replace("Radius,", "ResourcesThenRadius,")).radius().decides())
                .isTrue();

        Path server = Files.writeString(folder.resolve("server.yaml"), eap);
        Path users = Files.writeString(folder.resolve("users.yaml"), USERS);
        Path radius = Files.writeString(folder.resolve("users.radius.yaml"), asks);
        assertThat(ConfigReader.readAgain(server, users, running))
                .isEqualTo(new ConfigReader.Reread(running, List.of()));

        Configuration plain = ConfigReader.parse(SERVER, USERS, asks.replace("source: Radius, ", ""));
        Files.writeString(radius, asks.replace("source: Radius, ", ""));
        ConfigReader.Reread refused = ConfigReader.readAgain(server, users, plain);
        assertThat(refused.errors()).singleElement().hasToString(message);
        assertThat(refused.configuration()).as("what was in force goes on").isEqualTo(plain);
    }

    @Test
    void theFileMayComeAndGoAndSayWhatItLikes() throws IOException {
        Path server = Files.writeString(folder.resolve("office-0.yaml"), SERVER);
        Path users = Files.writeString(folder.resolve("users.yaml"), USERS);
        Configuration without = ConfigReader.read(server, users);
        assertThat(without.radius()).isEqualTo(RadiusConfig.NONE);
        assertThat(without.digests().radius()).isEmpty();

        Path file = Files.writeString(folder.resolve("users.radius.yaml"), ConfigTexts.RADIUS);
        ConfigReader.Reread with = ConfigReader.readAgain(server, users, without);
        assertThat(with.errors()).isEmpty();
        assertThat(with.configuration().radius().attempts()).isEqualTo(4);
        assertThat(with.configuration().digests().radius()).isEqualTo(ConfigDigests.of(ConfigTexts.RADIUS));

        Files.writeString(file, "attempts: none\n");
        ConfigReader.Reread wrong = ConfigReader.readAgain(server, users, with.configuration());
        assertThat(wrong.errors()).hasSize(1);
        assertThat(wrong.configuration()).as("what was in force goes on").isEqualTo(with.configuration());

        Files.delete(file);
        assertThat(ConfigReader.readAgain(server, users, with.configuration()).configuration()).isEqualTo(without);
    }

    @Test
    void theMemberIsPartOfTheIdentifier() {
        RadiusConfig radius = ConfigReader.parseRadius("users.radius.yaml", "nasIdentifier: vpn/office/{member}\n");
        assertThat(radius.nasIdentifier("office-pptp-0")).isEqualTo("vpn/office/office-pptp-0");
        assertThat(radius.nasIdentifier("x".repeat(300))).as("what an attribute holds").hasSize(253);
        assertThat(RadiusConfig.NONE.nasIdentifier("host-1")).isEqualTo("host-1");
    }
}
