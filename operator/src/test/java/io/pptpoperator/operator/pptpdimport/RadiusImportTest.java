package io.pptpoperator.operator.pptpdimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.PptpServerSpec;
import io.pptpoperator.crds.Radius;
import io.pptpoperator.crds.UserSelection.Source;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestText;
import io.pptpoperator.operator.standalone.Rendition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What other programs say of RADIUS servers becomes a PptpServer's, with a Secret that the operator reads. */
class RadiusImportTest {

    private static final String PPPD = "name pptpd\nrequire-mschap-v2\nrequire-mppe-128\n";

    private static ImportedManifests pppd(String options, Map<String, String> files) {
        PppdOption.Inclusion found = (option, path) -> Optional.ofNullable(files.get(path))
                .map(text -> new SourceFile(path, text));
        return PptpdImportTest.manifests(PptpdImport.of(new PptpdImport.Sources(
                new SourceFile("pptpd.conf", "localip 192.168.10.1\nremoteip 192.168.10.100-200\n"),
                List.of(new SourceFile("options", options)), found, Optional.of(new SourceFile("chap-secrets", "")),
                "host")));
    }

    /** What the data plane would run with; nothing may be left out of it. */
    private static Rendition rendered(ImportedManifests imported) {
        ManifestSet set = ManifestSet.read(List.of(new ManifestText("import.yaml", imported.yaml())), spec -> {});
        Rendition rendition = Rendition.of(set, Rendition.choose(set, Optional.empty()), key -> Optional.empty());
        assertThat(rendition.warnings()).noneMatch(it -> it.contains("RADIUS"));
        return rendition;
    }

    private static String secretOf(Rendition rendition, String host) {
        String yaml = rendition.radiusYaml().orElseThrow();
        int server = yaml.indexOf("host: " + host);
        String line = yaml.substring(yaml.indexOf("secret: ", server)).lines().findFirst().orElseThrow();
        return line.substring("secret: ".length());
    }

    @Test
    void pppdsPluginWithItsFiles() {
        var files = new HashMap<>(Map.of("/etc/radiusclient/radiusclient.conf", """
                # General settings
                auth_order\tradius,local
                authserver \t10.0.0.9:1645
                authserver \tradius-2.example.com
                acctserver \t10.0.0.9
                servers\t\t/etc/radiusclient/servers
                dictionary \t/etc/radiusclient/dictionary
                radius_timeout\t5
                radius_retries\t2
                radius_deadtime\t60
                """, "/etc/radiusclient/servers", """
                #Server Name or Client/Server pair\t\tKey
                10.0.0.9\t\t\t\t\ts3cr3t-one
                radius-2.example.com/myself\t\ts3cr3t-two
                """));
        ImportedManifests imported = pppd(PPPD + "plugin /usr/lib/pppd/2.4.9/radius.so\nplugin radattr.so\n", files);

        assertThat(imported.problems()).isEmpty();
        PptpServerSpec spec = PptpdImportTest.spec(imported);
        assertThat(spec.users().source()).isEqualTo(Source.Radius);
        assertThat(spec.radius().timeout()).isEqualTo("5s");
        assertThat(spec.radius().attempts()).isEqualTo(3);
        assertThat(spec.radius().deadTime()).isEqualTo("60s");
        assertThat(spec.authentication().timeout()).as("longer than all servers take").isEqualTo("35s");
        assertThat(spec.radius().servers()).map(Radius.Server::host)
                .containsExactly("10.0.0.9", "radius-2.example.com");
        assertThat(spec.radius().servers().getFirst().authenticationPort()).isEqualTo(1645);
        assertThat(spec.radius().servers().getFirst().accountingPort()).isNull();
        assertThat(spec.radius().servers().get(1).accountingPort()).as("it is no acctserver").isZero();
        assertThat(secretOf(rendered(imported), "10.0.0.9")).isEqualTo("s3cr3t-one");
        assertThat(secretOf(rendered(imported), "radius-2")).isEqualTo("s3cr3t-two");
        assertThat(imported.yaml()).contains("plugin radattr.so: has no counterpart").contains("Message-Authenticator");

        assertThat(pppd(PPPD + "plugin radius.so\n", Map.of()).problems()).map(Remark::toString)
                .singleElement()
                .asString()
                .startsWith("options:4: plugin radius.so: /etc/radiusclient/radiusclient.conf was not found here");
        assertThat(pppd(PPPD + "plugin radius.so\nradius-config-file /opt/r.conf\n",
                Map.of("/opt/r.conf", "authserver 10.0.0.9:1812:in-line\n")).yaml()).contains("in-line");
        assertThat(pppd(PPPD + "plugin radius.so\n", Map.of("/etc/radcli/radiusclient.conf", "authserver 10.0.0.9\n"))
                .problems()).map(Remark::message).anyMatch(it -> it.contains("10.0.0.9 has no shared secret"));
    }

    @Test
    void aPortThatIsNoneIsAProblem() {
        for (String port : List.of("70000", "0", "radius")) {
            assertThat(pppd(PPPD + "plugin radius.so\nradius-config-file /opt/r.conf\n",
                    Map.of("/opt/r.conf", "authserver 10.0.0.9:" + port + ":in-line\n")).problems())
                    .map(Remark::message)
                    .anyMatch(it -> it.contains("port " + port + " must be a number from 1 to 65535"));
        }
        assertThat(pppd(PPPD + "plugin radius.so\nradius-config-file /opt/r.conf\n",
                Map.of("/opt/r.conf", "authserver 10.0.0.9::in-line\n")).problems()).isEmpty();
    }

    private static final String ACCEL = """
            [modules]
            pptp
            auth_mschap_v2
            radius
            [ppp]
            mppe=require
            [ip-pool]
            gw-ip-address=10.8.0.1
            10.8.0.2-254
            [radius]
            dictionary=/usr/share/accel-ppp/radius/dictionary
            nas-identifier=accel-1
            nas-ip-address=10.0.0.1
            server=10.0.0.9,s3cr3t-a,auth-port=1645,acct-port=1646,req-limit=50,fail-timeout=0,max-fail=10,weight=1
            server=10.0.0.10,s3cr3t-b,fail-time=30
            dae-server=10.0.0.1:3799,s3cr3t-dae
            acct-interim-interval=300
            timeout=2
            max-try=4
            verbose=1
            """;

    private static ImportedManifests accel(String text) {
        return PptpdImportTest.manifests(AccelPppImport.of(new SourceFile("accel-ppp.conf", text),
                path -> Optional.of(new SourceFile(path, "alice * secret *\n"))));
    }

    @Test
    void accelPppsSection() {
        ImportedManifests imported = accel(ACCEL);

        assertThat(imported.problems()).isEmpty();
        Radius radius = PptpdImportTest.spec(imported).radius();
        assertThat(PptpdImportTest.spec(imported).users().source()).isEqualTo(Source.Radius);
        assertThat(radius.nasIdentifier()).isEqualTo("accel-1");
        assertThat(radius.timeout()).isEqualTo("2s");
        assertThat(radius.attempts()).isEqualTo(4);
        assertThat(radius.deadTime()).isEqualTo("30s");
        assertThat(radius.accounting().interval()).isEqualTo("300s");
        assertThat(radius.servers().getFirst().authenticationPort()).isEqualTo(1645);
        assertThat(radius.servers().getFirst().accountingPort()).isEqualTo(1646);
        assertThat(radius.dynamicAuthorization().enabled()).isTrue();
        assertThat(radius.dynamicAuthorization().port()).isEqualTo(3799);
        assertThat(radius.dynamicAuthorization().clients()).containsExactly("10.0.0.9/32", "10.0.0.10/32");
        Rendition rendition = rendered(imported);
        assertThat(secretOf(rendition, "10.0.0.9")).isEqualTo("s3cr3t-a");
        assertThat(rendition.radiusYaml().orElseThrow()).contains("s3cr3t-dae");
        assertThat(imported.yaml()).contains("[radius] nas-ip-address: has no counterpart");

        assertThat(PptpdImportTest.spec(accel(ACCEL.replace("radius\n[ppp]", "radius\nchap-secrets\n[ppp]")))
                .users()
                .source()).as("both may log in").isEqualTo(Source.ResourcesThenRadius);
        ImportedManifests older = accel(ACCEL.replaceAll("server=10.0.0.9.*\n", "auth-server=10.0.0.9:1812,x-1\n")
                .replaceAll("(?m)^server=10.0.0.10.*$", "acct-server=10.0.0.9:1813,x-1"));
        assertThat(older.problems()).isEmpty();
        assertThat(PptpdImportTest.spec(older).radius().servers()).hasSize(2);
    }

    @Test
    void routerOsAsksItsOwnSecretsFirst() {
        ImportedManifests imported = PptpdImportTest.manifests(RouterOsImport.of(new SourceFile("export.rsc", """
                /ip pool
                add name=pptp-pool ranges=10.8.0.10-10.8.0.99
                /ppp profile
                add local-address=10.8.0.1 name=vpn remote-address=pptp-pool use-encryption=required
                /interface pptp-server server
                set authentication=mschap2 default-profile=vpn enabled=yes
                /ppp aaa
                set interim-update=5m use-radius=yes
                /ppp secret
                add name=alice password=s3cret profile=vpn service=pptp
                /radius
                add address=10.0.0.9 secret="s3cr3t 9" service=ppp,login timeout=300ms
                add address=10.0.0.10 secret=0ther-one service=hotspot
                add accounting-port=1646 address=10.0.0.11 authentication-port=1645 secret=s3cr3t-11 service=ppp
                /radius incoming
                set accept=yes port=1700
                """)));

        assertThat(imported.problems()).isEmpty();
        PptpServerSpec spec = PptpdImportTest.spec(imported);
        assertThat(spec.users().source()).isEqualTo(Source.ResourcesThenRadius);
        assertThat(spec.radius().servers()).map(Radius.Server::host).containsExactly("10.0.0.9", "10.0.0.11");
        assertThat(spec.radius().accounting().interval()).isEqualTo("300s");
        assertThat(spec.radius().dynamicAuthorization().port()).isEqualTo(1700);
        assertThat(secretOf(rendered(imported), "10.0.0.9")).isEqualTo("\"s3cr3t 9\"");
        assertThat(imported.yaml()).doesNotContain("0ther-one");
    }

    private static final String VYOS = """
            set vpn pptp remote-access authentication mode 'radius'
            set vpn pptp remote-access authentication radius server 10.0.0.9 key 's3cr3t-9'
            set vpn pptp remote-access authentication radius server 10.0.0.9 port '1645'
            set vpn pptp remote-access authentication radius server 10.0.0.10 key 's3cr3t-10'
            set vpn pptp remote-access authentication radius server 10.0.0.10 disable-accounting
            set vpn pptp remote-access authentication radius server 10.0.0.11 key 's3cr3t-11'
            set vpn pptp remote-access authentication radius server 10.0.0.11 disable
            set vpn pptp remote-access authentication radius timeout '4'
            set vpn pptp remote-access authentication radius dynamic-author server '10.0.0.1'
            set vpn pptp remote-access authentication radius dynamic-author key 's3cr3t-dae'
            set vpn pptp remote-access authentication radius source-address '10.0.0.1'
            set vpn pptp remote-access client-ip-pool OFFICE range '10.9.0.10-10.9.0.99'
            set vpn pptp remote-access gateway-address '10.9.0.1'
            """;

    @Test
    void vyosAndEdgeOs() {
        ImportedManifests imported = PptpdImportTest.manifests(VyosImport.of(new SourceFile("config.txt", VYOS)));

        assertThat(imported.problems()).isEmpty();
        Radius radius = PptpdImportTest.spec(imported).radius();
        assertThat(PptpdImportTest.spec(imported).users().source()).isEqualTo(Source.Radius);
        assertThat(radius.servers()).map(Radius.Server::host).containsExactly("10.0.0.9", "10.0.0.10");
        assertThat(radius.servers().getFirst().authenticationPort()).isEqualTo(1645);
        assertThat(radius.servers().get(1).accountingPort()).isZero();
        assertThat(radius.timeout()).isEqualTo("4s");
        assertThat(radius.dynamicAuthorization().enabled()).isTrue();
        assertThat(secretOf(rendered(imported), "10.0.0.10")).isEqualTo("s3cr3t-10");
        assertThat(imported.yaml()).doesNotContain("s3cr3t-11")
                .contains("authentication radius source-address: has no counterpart");

        ImportedManifests edge = PptpdImportTest.manifests(VyosImport.of(new SourceFile("config.boot", """
                vpn {
                    pptp {
                        remote-access {
                            authentication {
                                mode radius
                                radius-server 10.0.0.9 {
                                    key topsecretkey
                                }
                            }
                            client-ip-pool {
                                start 192.168.50.10
                                stop 192.168.50.20
                            }
                        }
                    }
                }
                """)));
        assertThat(edge.problems()).isEmpty();
        assertThat(secretOf(rendered(edge), "10.0.0.9")).isEqualTo("topsecretkey");
    }

    @Test
    void withoutAServerTheUsersAreAProblem() {
        String none = VYOS.replaceAll("(?m)^.* radius .*\n", "");
        assertThat(PptpdImportTest.manifests(VyosImport.of(new SourceFile("config.txt", none))).problems())
                .map(Remark::toString)
                .singleElement()
                .asString()
                .startsWith("config.txt:1: authentication mode radius: the users are at a RADIUS server that this file"
                        + " does not name");
    }
}
