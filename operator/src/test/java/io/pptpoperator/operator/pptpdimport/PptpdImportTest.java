package io.pptpoperator.operator.pptpdimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.Authentication;
import io.pptpoperator.crds.Encryption;
import io.pptpoperator.crds.Logging;
import io.pptpoperator.crds.PptpServerSpec;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestText;
import io.pptpoperator.operator.standalone.Rendition;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PptpdImportTest {

    private static final String CONF = "localip 192.168.10.1\nremoteip 192.168.10.100-200\n";
    private static final String OPTIONS = "name pptpd\nrequire-mschap-v2\nrequire-mppe-128\n";

    @Test
    void aTypicalMachineBecomesAServerAndItsUsers() {
        ImportedManifests imported = translate(CONF + "option /etc/ppp/pptpd-options\nconnections 50\n", """
                name pptpd
                refuse-pap
                require-mschap-v2
                require-mppe-128
                ms-dns 10.0.0.1
                ms-dns 10.0.0.2
                ms-wins 10.0.0.3
                mtu 1400
                mru 1400
                lcp-echo-interval 30
                lcp-echo-failure 4
                idle 1800
                maxconnect 28800
                """, "alice pptpd secret *\nbob * \"two words\" 192.168.10.50\n");

        assertThat(imported.problems()).isEmpty();
        PptpServerSpec spec = spec(imported);
        assertThat(spec.localIP()).isEqualTo("192.168.10.1");
        assertThat(spec.pools()).containsExactly("192.168.10.100-192.168.10.200");
        assertThat(spec.dns()).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(spec.wins()).containsExactly("10.0.0.3");
        assertThat(spec.authentication().methods()).containsExactly(Authentication.Method.MSCHAPV2);
        assertThat(spec.encryption().policy()).isEqualTo(Encryption.Policy.Required);
        assertThat(spec.encryption().keyLengths()).containsExactly(128);
        assertThat(spec.mtu().getIntVal()).isEqualTo(1400);
        assertThat(spec.keepalive().interval()).isEqualTo("30s");
        assertThat(spec.keepalive().failures()).isEqualTo(4);
        assertThat(spec.sessionPolicy().idleTimeout()).isEqualTo("1800s");
        assertThat(spec.sessionPolicy().maxDuration()).isEqualTo("28800s");
        assertThat(spec.sessionPolicy().perUser()).isZero();
        assertThat(spec.limits().maxSessions()).isEqualTo(50);
        assertThat(users(imported)).map(VpnUser::username).containsExactly("alice", "bob");
        assertThat(users(imported).get(0).getSpec().servers()).hasSize(1);
        assertThat(users(imported).get(1).getSpec().servers()).isEmpty();
        assertThat(users(imported).get(1).getSpec().address()).isEqualTo("192.168.10.50");
        assertThat(passwords(imported)).containsExactly("secret", "two words");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.168.0.234,192.168.0.245-249,192.168.0.254 | 192.168.0.234 192.168.0.245-192.168.0.249 192.168.0.254
            192.168.0.1-254                               | 192.168.0.1-192.168.0.9 192.168.0.11-192.168.0.254
            10.0.0-3.7                                    | 10.0.0.7 10.0.1.7 10.0.2.7 10.0.3.7
            10.0.0.1,10.0.0.2,10.0.0.3                    | 10.0.0.1-10.0.0.3
            """)
    void poolsAreRemoteip(String remoteip, String pools) {
        ImportedManifests imported = translate("localip 192.168.0.10\nremoteip " + remoteip + "\n", OPTIONS, "");

        assertThat(imported.problems()).isEmpty();
        assertThat(spec(imported).pools()).containsExactly(pools.split(" "));
    }

    @Test
    void usersAddressesFarFromThePoolAreAllowed() {
        ImportedManifests imported = translate(CONF, OPTIONS,
                "a * x 192.168.10.50\nb * y 10.9.0.6\nc * z 10.9.0.7\nd * z 10.9.0.9\n");

        assertThat(imported.problems()).isEmpty();
        assertThat(spec(imported).users().allowedNetworks()).containsExactly("10.9.0.6/31", "10.9.0.9/32");
        assertThat(spec(translate(CONF, OPTIONS, "a * x 192.168.10.50\n")).users().allowedNetworks()).isEmpty();
    }

    @Test
    void ofSeveralLocalAddressesTheFirstIsTaken() {
        ImportedManifests imported = translate("localip 192.168.0.234-238,192.168.0.245\nremoteip 192.168.1.234-238\n",
                OPTIONS, "");

        assertThat(spec(imported).localIP()).isEqualTo("192.168.0.234");
        assertThat(imported.yaml())
                .contains("pptpd.conf:1: localip 192.168.0.234-238,192.168.0.245: only 192.168.0.234");
    }

    @Test
    void withDelegateTheUsersAddressesAreThePool() {
        ImportedManifests imported = translate("delegate\n", OPTIONS + "10.8.0.100:\n",
                "a * x 10.8.0.1\nb * y 10.8.0.2\n");

        assertThat(imported.problems()).isEmpty();
        assertThat(spec(imported).localIP()).isEqualTo("10.8.0.100");
        assertThat(spec(imported).pools()).containsExactly("10.8.0.1-10.8.0.2");
        assertThat(translate("delegate\n", OPTIONS, "a * x *\n").problems()).singleElement()
                .asString()
                .startsWith("pptpd.conf:1: delegate: leaves the addresses to RADIUS or pppd");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                              | MSCHAPV2               | Preferred | 128,40
            require-mschap-v2 nomppe                        | MSCHAPV2               | Off       | 128
            require-mschap-v2 require-mppe                  | MSCHAPV2               | Required  | 128,40
            require-mschap-v2 require-mppe nomppe-40        | MSCHAPV2               | Required  | 128
            require-mschap require-mschap-v2 require-mppe-40 | MSCHAPV2,MSCHAPV1     | Required  | 40
            require-chap require-pap                        | CHAP_MD5,PAP           | Off       | 128
            +chapms-v2 mppe required,no40,no56,stateless    | MSCHAPV2               | Required  | 128
            require-mschap-v2 require-mppe-40 require-mppe-128 | MSCHAPV2            | Required  | 128,40
            require-mschap-v2 require-mppe-128 require-mppe | MSCHAPV2               | Required  | 128,40
            require-mschap-v2 nomppe require-mppe-128       | MSCHAPV2               | Required  | 128
            require-mschap-v2 nomppe-40                     | MSCHAPV2               | Preferred | 128
            +mschap-v2 mppe required nomppc -ccp -mn        | MSCHAPV2               | Required  | 128,40
            +chapms +chapms-v2 +mppe-128                    | MSCHAPV2,MSCHAPV1      | Required  | 128
            """)
    void authenticationAndEncryptionFollowTheOptions(String options, String methods, String policy, String lengths) {
        ImportedManifests imported = translate(CONF, options, "");

        PptpServerSpec spec = spec(imported);
        assertThat(imported.problems()).isEmpty();
        assertThat(spec.authentication().methods()).map(Enum::name).containsExactly(methods.split(","));
        assertThat(spec.encryption().policy()).hasToString(policy);
        assertThat(spec.encryption().keyLengths()).map(String::valueOf).containsExactly(lengths.split(","));
    }

    /** Whatever options contradict one another: where one asks for encryption, no client gets in without. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            require-mschap-v2 require-mppe nomppe                 | require-mppe: other options take this back
            require-mschap-v2 require-mppe nomppe-40 nomppe-128   | require-mppe: other options take this back
            require-mschap-v2 require-mppe-128 nomppe-128         | require-mppe-128: other options take this back
            require-pap require-chap require-mppe-128             | require-mppe-128: MPPE takes its keys from MS-CHAP
            require-mschap-v2 mppe required,no40,no128            | mppe required,no40,no128: other options take
            """)
    void anImportIsNeverWeakerThanItsSource(String options, String problem) {
        ImportedManifests imported = translate(CONF, options, "");

        assertThat(imported.problems()).map(Remark::toString)
                .singleElement()
                .asString()
                .startsWith("options:1: " + problem);
        assertThat(spec(imported).encryption().policy()).isEqualTo(Encryption.Policy.Required);
        assertThat(spec(imported).encryption().keyLengths()).containsExactly(128);
        assertThat(spec(imported).authentication().methods()).containsExactly(Authentication.Method.MSCHAPV2);
    }

    /** What pptpd's own manual recommends: the server has the host's address, clients have free ones of its LAN. */
    @Test
    void clientsInTheLanStayThere() {
        String conf = "localip 192.168.0.10\nremoteip 192.168.0.200-220\n";

        PptpServerSpec spec = spec(translate(conf, OPTIONS + "proxyarp\n", ""));
        assertThat(spec.localIP()).isEqualTo("192.168.0.10");
        assertThat(spec.pools()).containsExactly("192.168.0.200-192.168.0.220");
        assertThat(spec.proxyARP()).isTrue();
        assertThat(spec(translate(conf, OPTIONS + "proxyarp\nnoproxyarp\n", "")).proxyARP()).isFalse();
        assertThat(spec(translate(conf, OPTIONS, "")).proxyARP()).isFalse();
    }

    @Test
    void ofManyNameServersPppdTellsTheLastTwo() {
        ImportedManifests imported = translate(CONF,
                OPTIONS + "ms-dns 10.0.0.1\nms-dns 10.0.0.2\nms-dns 10.0.0.3\nms-dns 10.0.0.2\nms-wins 10.0.0.9\n", "");

        assertThat(spec(imported).dns()).containsExactly("10.0.0.3", "10.0.0.2");
        assertThat(spec(imported).wins()).containsExactly("10.0.0.9");
        assertThat(imported.yaml())
                .contains("options:4: ms-dns 10.0.0.1: was left out: pppd tells clients the last two");
    }

    @Test
    void whatFollowsAValueOfPptpdIsAComment() {
        ImportedManifests imported = translate("""
                localip 192.168.10.1 # the office
                remoteip 192.168.10.100-200\t# everybody
                connections 100 # limit
                """, OPTIONS, "");

        assertThat(imported.problems()).isEmpty();
        assertThat(spec(imported).limits().maxSessions()).isEqualTo(100);
        assertThat(spec(imported).localIP()).isEqualTo("192.168.10.1");
    }

    @Test
    void filesThatOptionsNameAreReadInTheirPlaces() {
        var files = Map.of("file /etc/ppp/common", "mtu 1300\nms-dns 10.0.0.1\ncall isp\n", "call isp",
                "mtu 1310\nfile /etc/ppp/common\n");
        var sources = new PptpdImport.Sources(new SourceFile("pptpd.conf", CONF),
                List.of(new SourceFile("options", OPTIONS + "mtu 1200\nfile /etc/ppp/common\nfile /etc/ppp/other\n")),
                (option, argument) -> Optional.ofNullable(files.get(option + " " + argument))
                        .map(text -> new SourceFile(argument, text)),
                Optional.empty(), "host");

        ImportedManifests imported = manifests(PptpdImport.of(sources));
        assertThat(spec(imported).mtu().getIntVal()).isEqualTo(1310);
        assertThat(spec(imported).dns()).containsExactly("10.0.0.1");
        assertThat(imported.problems()).map(Remark::toString)
                .satisfiesExactly(it -> assertThat(it).contains("files name one another more than 8 deep"),
                        it -> assertThat(it)
                                .startsWith("options:6: file /etc/ppp/other: that file was not found here"));
    }

    @Test
    void everyUserWithAPasswordBeyondAsciiIsToldWhatChanges() {
        ImportedManifests imported = translate(CONF, OPTIONS, "a * pässword *\nb * plain *\n");

        assertThat(imported.yaml()).containsOnlyOnce("the password is not ASCII")
                .contains("chap-secrets:1: the password is not ASCII")
                .doesNotContain("chap-secrets:2:");
    }

    /** A word that were taken for no option would make an option of its argument. */
    @ParameterizedTest
    @CsvSource({"chap-secrets /etc/x, was not read: name that file with --chap-secrets",
            "chapms-strip-domain, is how the server always works: DOMAIN\\alice finds",
            "nodefaultroute, is how the server always works: a client is never made",
            "noipdefault, is how the server always works: its own address is localIP",
            "ipcp-accept-remote, has no counterpart: a client gets the address that the server chose",
            "ipcp-accept-local, has no counterpart: the server keeps its own address",
            "lcp-echo-adaptive, is how the server always works: it asks for echoes only",
            "hide-password, is how the server always works: passwords are in no log",
            "minunit 10, concerns serial lines and how pppd is started",
            "mppc, has no counterpart: packets and headers are never compressed",
            "ms-ignore-domain, is how the server always works: DOMAIN\\alice",
            "eap-timeout 3, has no counterpart: EAP is not offered",
            "mo-timeout 3, has no counterpart: traffic is not limited"})
    void remarksAreTrueOfTheirOwnOption(String option, String remark) {
        ImportedManifests imported = translate(CONF, OPTIONS + option + "\n", "");

        assertThat(imported.problems()).isEmpty();
        assertThat(imported.yaml().replace("\n#     ", " ")).contains("options:4: " + option + ": " + remark);
    }

    @Test
    void systemWideOptionsCountUnlessPptpdsOwnSayOtherwise() {
        var sources = new PptpdImport.Sources(new SourceFile("pptpd.conf", CONF),
                List.of(new SourceFile("options", "lcp-echo-interval 30\nlcp-echo-failure 4\nmtu 1300\n"),
                        new SourceFile("pptpd-options", OPTIONS + "mtu 1350\n")),
                PppdOption.Inclusion.NONE, Optional.empty(), "host");

        ImportedManifests imported = ImportedManifests.of(new ImportedManifests.Target("pptpd", Optional.of("vpn")),
                PptpdImport.of(sources));
        assertThat(spec(imported).mtu().getIntVal()).isEqualTo(1350);
        assertThat(spec(imported).keepalive().interval()).isEqualTo("30s");
        assertThat(imported.yaml()).contains("namespace: vpn");
    }

    @Test
    void everySettingWithoutACounterpartHasACommentThatSaysWhatToDo() {
        ImportedManifests imported = translate(CONF + """
                bcrelay eth1
                logwtmp
                speed 115200
                stimeout 10
                noipparam
                pidfile /run/p
                ppp /usr/sbin/pppd
                vrf red
                listen 203.0.113.5
                debug
                """, OPTIONS + "proxyarp\nlock\nnobsdcomp\nplugin winbind.so\nchap-interval 60\nip-up-script /x\n", "");

        assertThat(imported.problems()).isEmpty();
        assertThat(imported.yaml()).contains("# ", "pptpd.conf:3: bcrelay eth1: has no counterpart",
                "pptpd.conf:4: logwtmp: has no", "pptpd.conf:5: speed 115200: has no",
                "pptpd.conf:6: stimeout 10: has no", "pptpd.conf:7: noipparam: has",
                "pptpd.conf:8: pidfile /run/p: has", "pptpd.conf:9: ppp /usr/sbin/pppd: has",
                "pptpd.conf:10: vrf red: has", "pptpd.conf:11: listen 203.0.113.5: is shown",
                "options:4: proxyarp: clients with addresses of a LAN", "options:5: lock: concerns",
                "options:6: nobsdcomp: is how", "options:7: plugin winbind.so: has", "options:8: chap-interval 60: has",
                "options:9: ip-up-script /x: has", "nat.enabled: true");
        assertThat(spec(imported).exposure().addresses()).containsExactly("203.0.113.5");
        assertThat(spec(imported).log().level()).isEqualTo(Logging.Level.Debug);
    }

    @Test
    void badLinesAreNamedAndTheRestIsTranslated() {
        ImportedManifests imported = translate("""
                localip 192.168.10.1
                remoteip 192.168.10.100-20
                 connections 10
                conections 10
                connections many
                remoteip 10.0.0.1
                """, "requre-mppe\nms-dns dns.example\nmtu big\nidle\n", """
                alice pptpd
                bob * hunter2 10.0.0.300
                carol * hunter2 *
                dave * "" *
                """);

        assertThat(imported.problems()).map(Remark::toString)
                .satisfiesExactlyInAnyOrder(
                        it -> assertThat(it)
                                .startsWith("pptpd.conf:2: remoteip 192.168.10.100-20: '192.168.10.100-20' is not"),
                        it -> assertThat(it).startsWith("pptpd.conf:3: the line starts with a blank"),
                        it -> assertThat(it).startsWith("pptpd.conf:4: conections 10: is no setting of pptpd"),
                        it -> assertThat(it).startsWith("pptpd.conf:5: connections many: is not a number"),
                        it -> assertThat(it).startsWith("pptpd.conf:6: remoteip 10.0.0.1: stands on line 2 already"),
                        it -> assertThat(it).startsWith("options:1: 'requre-mppe' is no option of pppd"),
                        it -> assertThat(it).startsWith("options:2: ms-dns dns.example: "),
                        it -> assertThat(it).startsWith("options:3: mtu big: is not a number"),
                        it -> assertThat(it).startsWith("options:4: idle: its argument is missing"),
                        it -> assertThat(it).startsWith("chap-secrets:1: a line has client, server and secret"),
                        it -> assertThat(it).startsWith("chap-secrets:2: ").contains("10.0.0.300"),
                        it -> assertThat(it).startsWith("chap-secrets:4: password: this cannot be a password"));
        assertThat(imported.problems().toString()).doesNotContain("hunter2");
        assertThat(users(imported)).map(VpnUser::username).containsExactly("bob", "carol");
        assertThat(imported.yaml()).contains("# Lines that are wrong:", "#   options:1: 'requre-mppe'");
    }

    @Test
    void secretsAreChosenAsPppdChoosesThem() {
        ImportedManifests imported = translate(CONF, OPTIONS, """
                # comment
                "DOMAIN\\\\Alice"  pptpd  'pa ss#1'  *        # the first
                bob      *      one   192.168.10.50
                bob      pptpd  two   192.168.10.51 192.168.10.52
                bob      pptpd  three *
                isp      provider  p  *
                *        *      all   *
                carol    *      @/etc/carol  *
                dave     *      d
                erin     *      e     -
                frank    *      f     10.9.0.0/24 !10.9.0.1
                grace    *      g     192.168.10.1
                heidi    *      h     192.168.10.51
                ALICE    *      i     *   -- mtu 1200
                domain-alice *  j     *
                """);

        assertThat(users(imported)).map(VpnUser::username)
                .containsExactlyInAnyOrder("DOMAIN\\Alice", "bob", "dave", "erin", "frank", "grace", "heidi", "ALICE",
                        "domain-alice");
        assertThat(passwords(imported)).contains("pa ss#1", "two").doesNotContain("one", "three", "all", "p");
        assertThat(user(imported, "bob").getSpec().address()).isEqualTo("192.168.10.51");
        assertThat(user(imported, "dave").getSpec().enabled()).isFalse();
        assertThat(user(imported, "erin").getSpec().enabled()).isFalse();
        assertThat(user(imported, "frank").getSpec().enabled()).isTrue();
        assertThat(user(imported, "heidi").getSpec().address()).isNull();
        assertThat(user(imported, "domain-alice-2").username()).isEqualTo("domain-alice");
        assertThat(imported.yaml()).contains("chap-secrets:6: was left out: it is for the server 'provider'",
                "chap-secrets:7: was left out: a password for everybody",
                "chap-secrets:8: was left out: the password of", "chap-secrets:9: disabled:",
                "chap-secrets:3: was left out: pppd goes by line 4",
                "chap-secrets:5: was left out: pppd goes by line 4", "192.168.10.52 has no counterpart",
                "10.9.0.0/24 has no counterpart", "!10.9.0.1 has no counterpart", "192.168.10.51 was left out: line 4",
                "the options after -- have no counterpart: mtu 1200");
        assertThat(imported.problems()).map(Remark::toString)
                .singleElement()
                .asString()
                .startsWith("chap-secrets:12: the address 192.168.10.1 was left out");
    }

    @Test
    void withoutAnOptionNamePppdCallsItselfAsTheMachine() {
        String secrets = "a host x *\nb host.example.org y *\nc other z *\n";

        assertThat(users(translate(CONF, "", secrets))).map(VpnUser::username).containsExactly("a");
        assertThat(users(translate(CONF, "domain example.org", secrets))).map(VpnUser::username).containsExactly("b");
    }

    @Property(tries = 200)
    void whateverTheFilesSayTheResultCanBeApplied(@ForAll String conf, @ForAll String options, @ForAll String secrets) {
        for (String server : List.of(conf, CONF + conf)) {
            ImportedManifests imported = translate(server, options + "\n" + OPTIONS, "a * b *\n" + secrets);
            ManifestSet set = read(imported);
            assertThat(Rendition.of(set, Rendition.choose(set, Optional.empty()), key -> Optional.empty()).serverYaml())
                    .isNotEmpty();
        }
    }

    private static ImportedManifests translate(String conf, String options, String secrets) {
        return manifests(PptpdImport.of(
                new PptpdImport.Sources(new SourceFile("pptpd.conf", conf), List.of(new SourceFile("options", options)),
                        PppdOption.Inclusion.NONE, Optional.of(new SourceFile("chap-secrets", secrets)), "host")));
    }

    static ImportedManifests manifests(Translation translation) {
        return ImportedManifests.of(new ImportedManifests.Target("pptpd", Optional.empty()), translation);
    }

    private static ManifestSet read(ImportedManifests imported) {
        return ManifestSet.read(List.of(new ManifestText("import.yaml", imported.yaml())), spec -> {});
    }

    static PptpServerSpec spec(ImportedManifests imported) {
        return Rendition.choose(read(imported), Optional.empty()).resource().getSpec();
    }

    static List<VpnUser> users(ImportedManifests imported) {
        return read(imported).users().values().stream().map(ManifestSet.Declared::resource).toList();
    }

    static VpnUser user(ImportedManifests imported, String name) {
        return users(imported).stream().filter(it -> it.getMetadata().getName().equals(name)).findFirst().orElseThrow();
    }

    static List<String> passwords(ImportedManifests imported) {
        return read(imported).secrets()
                .values()
                .stream()
                .map(it -> it.resource().get("password"))
                .map(it -> new String(Base64.getDecoder().decode(it), StandardCharsets.UTF_8))
                .toList();
    }
}
