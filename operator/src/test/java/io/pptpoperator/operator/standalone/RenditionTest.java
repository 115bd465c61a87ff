package io.pptpoperator.operator.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.manifest.ManifestException;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestText;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenditionTest {

    private static final String SERVER = """
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: office}
            spec:
              localIP: 10.8.0.1
              pools: [10.8.0.2-254]
            """;
    private static final String ALICE = """
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: VpnUser
            metadata: {name: alice}
            spec: {password: {secretKeyRef: {name: alice, key: password}}}
            """;
    private static final String ALICES_SECRET = """
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: alice, labels: {pptp-operator.io/password: "true"}}
            stringData: {password: secret}
            """;

    @Test
    void theDataPlaneReadsWhatIsRendered() {
        Rendition rendition = render(SERVER + ALICE + ALICES_SECRET);

        Configuration read = ConfigReader.parse(rendition.serverYaml(), rendition.usersYaml());
        assertThat(read.server().network().pools()).containsExactly("10.8.0.2-254");
        assertThat(read.server().admin()).isEqualTo(ServerConfig.Admin.DEFAULTS);
        assertThat(read.users()).map(UserConfig::username).containsExactly("alice");
        assertThat(read.users().getFirst().credentials()).isInstanceOf(Credentials.NtHash.class);
        assertThat(rendition.warnings()).isEmpty();
        assertThat(rendition.toString()).doesNotContain("ntHash");
    }

    @Test
    void profilesOfTheFilesAreHadOnOneMachineToo() {
        String bronze = """
                ---
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnProfile
                metadata: {name: bronze}
                spec: {rateLimit: {download: 2M}}
                """;
        String alice = ALICE.replace("spec: {", "spec: {profile: bronze, ");
        Rendition rendition = render(SERVER + alice + ALICES_SECRET + bronze);

        Configuration read = ConfigReader.parse(rendition.serverYaml(), rendition.usersYaml(), "",
                rendition.profilesYaml().orElseThrow());
        assertThat(read.users().getFirst().profile()).contains("bronze");
        assertThat(read.profiles()).singleElement()
                .satisfies(
                        it -> assertThat(it.rateLimit().orElseThrow().download()).map(Object::toString).contains("2M"));
        assertThat(rendition.warnings()).isEmpty();

        Rendition without = render(SERVER + alice + ALICES_SECRET);
        assertThat(without.profilesYaml()).isEmpty();
        assertThat(without.usersYaml()).doesNotContain("alice");
        assertThat(without.warnings())
                .anySatisfy(it -> assertThat(it).contains("spec.profile", "there is no such VpnProfile"));
        assertThat(render(SERVER + ALICE + ALICES_SECRET
                + bronze.replace("rateLimit: {download: 2M}", "hours: {timeZone: Mars, windows: [Mon 08:00-09:00]}"))
                .warnings()).anySatisfy(it -> assertThat(it).contains("spec.hours.timeZone"));
    }

    @Test
    void radiusServersAreAskedFromOneMachineToo() {
        String radius = SERVER.replace("spec:", """
                spec:
                  users: {source: Radius}
                  radius: {servers: [{host: 192.0.2.7, secret: {secretKeyRef: {name: radius, key: secret}}}]}""");
        String secret = ALICES_SECRET.replace("name: alice", "name: radius")
                .replace("password: secret", "secret: hush")
                .replace("pptp-operator.io/password", "pptp-operator.io/radius");
        Rendition rendition = render(radius + ALICE + ALICES_SECRET + secret);

        Configuration read = ConfigReader.parse(rendition.serverYaml(), rendition.usersYaml(),
                rendition.radiusYaml().orElseThrow());
        assertThat(read.radius().servers().getFirst().secret()).isPresent();
        assertThat(read.users()).as("RADIUS alone decides").isEmpty();
        assertThat(rendition.nobody()).isEmpty();
        assertThat(rendition.warnings()).isEmpty();
        assertThat(rendition.toString()).doesNotContain("hush");

        assertThat(render(radius).warnings()).singleElement()
                .asString()
                .contains("spec.radius: RADIUS server 192.0.2.7: there is no Secret radius");
        assertThat(render(SERVER + ALICE + ALICES_SECRET).radiusYaml()).isEmpty();
    }

    @Test
    void theLogIsForPeopleUnlessTheManifestSaysOtherwise() {
        assertThat(log(SERVER)).isEqualTo(ServerConfig.Log.DEFAULTS);
        assertThat(log(SERVER + "  log: {level: Debug}\n"))
                .isEqualTo(new ServerConfig.Log(ServerConfig.Log.Level.DEBUG, ServerConfig.Log.Format.TEXT, List.of()));
        assertThat(log(SERVER + "  log: {format: Json}\n").format()).isEqualTo(ServerConfig.Log.Format.JSON);
    }

    private static ServerConfig.Log log(String manifests) {
        return ConfigReader.parseServer("server.yaml", render(manifests).serverYaml()).log();
    }

    @Test
    void aUserThatCannotBeServedIsNamedAndTheOthersAreServed() {
        Rendition rendition = render(SERVER + ALICE + ALICE.replace("alice", "bob") + ALICES_SECRET);

        assertThat(rendition.warnings()).singleElement()
                .asString()
                .isEqualTo(
                        "vpn.yaml:17 (document 3): spec.password: VpnUser bob cannot log in: there is no Secret bob in "
                                + "namespace default with the label pptp-operator.io/password=true, without which none is read; "
                                + "to mark one: kubectl label secret -n default bob pptp-operator.io/password=true");
        assertThat(rendition.usersYaml()).contains("alice").doesNotContain("bob");
    }

    @Test
    void whatMeansNothingOnOneMachineIsSaid() {
        String user = ALICE.replace("spec: {", "spec: {servers: [{name: elsewhere}], ");
        Rendition rendition = render(SERVER + "  replicas: 3\n" + user);

        assertThat(rendition.warnings()).hasSize(2)
                .anySatisfy(it -> assertThat(it).contains("spec.replicas: one machine"))
                .anySatisfy(it -> assertThat(it).contains("spec.servers[0]: there is no PptpServer elsewhere"));
        assertThat(rendition.nobody()).get().asString().contains("nobody can log in");
    }

    @Test
    void aServerThatCannotWorkIsRefusedWithItsField() {
        assertRefused(SERVER.replace("10.8.0.2-254", "10.8.0.0/24"),
                "vpn.yaml:7 (document 1): spec.pools: the pool contains localIP");
        assertRefused(SERVER.replace("10.8.0.1", "10.8.0"), "vpn.yaml:6 (document 1): spec.localIP: ");
        assertRefused(SERVER + "  useClusterDNS: true\n", "spec.useClusterDNS: there is no cluster here");
    }

    @Test
    void oneOfSeveralServersHasToBeChosen() {
        String two = SERVER + SERVER.replace("office", "home");

        assertThatThrownBy(() -> Rendition.choose(read(two), Optional.empty()))
                .hasMessageContaining("several PptpServers; choose one with --server: [default/home, default/office]");
        assertThatThrownBy(() -> Rendition.choose(read(two), Optional.of("lab")))
                .hasMessageContaining("there is no PptpServer lab; choose one");
        assertThatThrownBy(() -> Rendition.choose(read(ALICE), Optional.empty()))
                .hasMessageContaining("there is no PptpServer in the files");
        assertThat(Rendition.choose(read(two), Optional.of("home")).resource().getMetadata().getName())
                .isEqualTo("home");
        assertThat(Rendition.choose(read(two), Optional.of("default/office")).resource().getMetadata().getName())
                .isEqualTo("office");
    }

    @Test
    void onlyUsersOfTheServerWithoutAnyPasswordNeedOne() {
        String manifests = SERVER + ALICE + ALICE.replace("alice", "bob").replaceAll("spec: .*", "spec: {}")
                + ALICE.replace("alice", "eve").replaceAll("spec: .*", "spec: {servers: [{name: other}]}")
                + ALICE.replace("alice", "kim").replaceAll("spec: .*", "spec: {}")
                + ALICES_SECRET.replace("alice", "kim-vpn");

        ManifestSet set = read(manifests);
        assertThat(Rendition.withoutPassword(set, Rendition.choose(set, Optional.empty()).resource()))
                .map(user -> user.getMetadata().getName())
                .containsExactly("bob");
    }

    @Test
    void theExampleFolderWorks() {
        var files = new ManifestFiles(List.of(Path.of("../deploy/examples/one-machine")), Path.of("none"));
        ManifestSet set = Rendition.read(files.read());
        var server = Rendition.choose(set, Optional.empty());

        assertThat(Rendition.withoutPassword(set, server.resource())).map(user -> user.username())
                .containsExactly("bob");
        Rendition rendition = Rendition.of(set, server, key -> Optional.empty());
        assertThat(rendition.usersYaml()).contains("alice");
        assertThat(rendition.warnings()).singleElement().asString().contains("VpnUser bob");
    }

    private static void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> render(yaml)).isInstanceOf(ManifestException.class).hasMessageContaining(message);
    }

    private static ManifestSet read(String yaml) {
        return Rendition.read(List.of(new ManifestText("vpn.yaml", yaml)));
    }

    private static Rendition render(String yaml) {
        ManifestSet set = read(yaml);
        return Rendition.of(set, Rendition.choose(set, Optional.empty()), key -> Optional.empty());
    }
}
