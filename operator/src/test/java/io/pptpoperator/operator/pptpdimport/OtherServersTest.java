package io.pptpoperator.operator.pptpdimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.Authentication.Method;
import io.pptpoperator.crds.Encryption.Policy;
import io.pptpoperator.crds.PptpServerSpec;
import io.pptpoperator.crds.RateLimit;
import io.pptpoperator.crds.SessionPolicy;
import io.pptpoperator.crds.VpnUser;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations of VyOS, EdgeOS, RouterOS and accel-ppp become what they mean. */
class OtherServersTest {

    private static final String VYOS = """
            set vpn pptp remote-access authentication mode 'local'
            set vpn pptp remote-access authentication protocols 'mschap-v2'
            set vpn pptp remote-access authentication local-users username alice password 'two words'
            set vpn pptp remote-access authentication local-users username alice static-ip '10.9.0.77'
            set vpn pptp remote-access authentication local-users username bob password s3cret-b
            set vpn pptp remote-access authentication local-users username bob disable
            set vpn pptp remote-access authentication local-users username bob rate-limit download '20480'
            set vpn pptp remote-access client-ip-pool OFFICE range '10.9.0.10-10.9.0.99'
            set vpn pptp remote-access default-pool 'OFFICE'
            set vpn pptp remote-access gateway-address '10.9.0.1'
            set vpn pptp remote-access outside-address '203.0.113.9'
            set vpn pptp remote-access name-server '10.0.0.53'
            set vpn pptp remote-access max-concurrent-sessions '40'
            set vpn pptp remote-access ppp-options mppe 'require'
            set vpn pptp remote-access ppp-options lcp-echo-interval '20'
            set vpn pptp remote-access mtu '1400'
            set interfaces ethernet eth0 address '203.0.113.9/24'
            """;

    private static final String EDGEOS = """
            /* the office */
            vpn {
                ipsec {
                    auto-firewall-nat-exclude enable
                }
                pptp {
                    remote-access {
                        authentication {
                            local-users {
                                username carol {
                                    password "s3cret c"
                                    static-ip 192.168.50.5
                                }
                            }
                            mode local
                            radius-server 10.0.0.9 {
                                key topsecretkey
                            }
                        }
                        client-ip-pool {
                            start 192.168.50.10
                            stop 192.168.50.20
                        }
                        dns-servers {
                            server-1 10.0.0.1
                            server-2 10.0.0.2
                        }
                        outside-address 198.51.100.4
                        mtu 1492
                    }
                }
            }
            """;

    private static final String ROUTEROS = """
            # 2026-01-01 by RouterOS 7.16
            /ip pool
            add name=pptp-pool next-pool=more ranges=10.8.0.10-10.8.0.99
            add name=more ranges=10.8.1.10-10.8.1.20
            /ppp profile
            add dns-server=10.0.0.53,10.0.0.54 idle-timeout=30m local-address=10.8.0.1 name=\\
                vpn only-one=yes rate-limit=2M/10M remote-address=pptp-pool use-encryption=\\
                required
            /interface pptp-server server
            set authentication=mschap2 default-profile=vpn enabled=yes keepalive-timeout=30 max-mtu=1400
            /ppp secret
            add name=alice password="p\\"a ss\\$1" profile=vpn service=pptp
            add comment="the pump" disabled=yes name=pump password=s3cret-p profile=vpn \\
                remote-address=10.8.0.200 routes="192.168.50.0/24 10.8.0.200 1"
            add name=other password=s3cret-o service=l2tp
            add caller-id=203.0.113.7 name=dave password=s3cret-d
            add name=nobody service=pptp
            """;

    private static final String ACCEL = """
            [modules]
            log_file
            pptp
            auth_mschap_v2
            auth_mschap_v1
            ippool
            chap-secrets
            shaper
            [core]
            thread-count=4
            [common]
            single-session=deny
            [ppp]
            mtu=1400
            mppe=require
            lcp-echo-interval=20
            lcp-echo-failure=3
            [pptp]
            bind=203.0.113.9
            ip-pool=office
            [dns]
            dns1=10.0.0.53
            [client-ip-range]
            10.0.0.0/8
            [ip-pool]
            gw-ip-address=192.168.0.1
            192.168.0.2-99,name=office
            192.168.7.0/24,name=other
            [chap-secrets]
            chap-secrets=/etc/accel/users
            """;

    @Test
    void vyosAsSetCommands() {
        ImportedManifests imported = vyos(VYOS);

        assertThat(imported.problems()).isEmpty();
        PptpServerSpec spec = PptpdImportTest.spec(imported);
        assertThat(spec.localIP()).isEqualTo("10.9.0.1");
        assertThat(spec.pools()).containsExactly("10.9.0.10-10.9.0.99");
        assertThat(spec.dns()).containsExactly("10.0.0.53");
        assertThat(spec.exposure().addresses()).containsExactly("203.0.113.9");
        assertThat(spec.limits().maxSessions()).isEqualTo(40);
        assertThat(spec.mtu().getIntVal()).isEqualTo(1400);
        assertThat(spec.keepalive().interval()).isEqualTo("20s");
        assertThat(spec.encryption().policy()).isEqualTo(Policy.Required);
        assertThat(spec.authentication().methods()).containsExactly(Method.MSCHAPV2);
        assertThat(PptpdImportTest.users(imported)).map(VpnUser::username).containsExactly("alice", "bob");
        assertThat(PptpdImportTest.user(imported, "alice").getSpec().address()).isEqualTo("10.9.0.77");
        assertThat(PptpdImportTest.user(imported, "bob").getSpec().enabled()).isFalse();
        assertThat(PptpdImportTest.passwords(imported)).containsExactly("two words", "s3cret-b");
        assertThat(imported.yaml()).doesNotContain("rate-limit");
        assertThat(PptpdImportTest.user(imported, "bob").getSpec().rateLimit())
                .isEqualTo(new RateLimit(null, "20.48M", "200ms"));
    }

    @Test
    void edgeOsAsAConfigurationFile() {
        ImportedManifests imported = vyos(EDGEOS);

        assertThat(imported.problems()).isEmpty();
        PptpServerSpec spec = PptpdImportTest.spec(imported);
        assertThat(spec.localIP()).isEqualTo("192.168.50.1");
        assertThat(spec.pools()).containsExactly("192.168.50.10-192.168.50.20");
        assertThat(spec.dns()).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(spec.encryption().policy()).isEqualTo(Policy.Required);
        assertThat(PptpdImportTest.user(imported, "carol").getSpec().address()).isEqualTo("192.168.50.5");
        assertThat(PptpdImportTest.passwords(imported)).containsExactly("s3cret c");
        assertThat(imported.yaml()).doesNotContain("topsecretkey")
                .contains("authentication radius-server: has no counterpart");
    }

    @Test
    void routerOsAsAnExport() {
        ImportedManifests imported = PptpdImportTest
                .manifests(RouterOsImport.of(new SourceFile("router.rsc", ROUTEROS)));

        assertThat(imported.problems()).map(Remark::toString)
                .singleElement()
                .asString()
                .startsWith("router.rsc:17: nobody: was left out: the export has no password");
        PptpServerSpec spec = PptpdImportTest.spec(imported);
        assertThat(spec.localIP()).isEqualTo("10.8.0.1");
        assertThat(spec.pools()).containsExactly("10.8.0.10-10.8.0.99", "10.8.1.10-10.8.1.20");
        assertThat(spec.dns()).containsExactly("10.0.0.53", "10.0.0.54");
        assertThat(spec.encryption().policy()).isEqualTo(Policy.Required);
        assertThat(spec.authentication().methods()).containsExactly(Method.MSCHAPV2);
        assertThat(spec.sessionPolicy().perUser()).isEqualTo(1);
        assertThat(spec.sessionPolicy().whenExceeded()).isEqualTo(SessionPolicy.WhenExceeded.Deny);
        assertThat(spec.sessionPolicy().idleTimeout()).isEqualTo("1800s");
        assertThat(spec.keepalive().interval()).isEqualTo("10s");
        assertThat(spec.mtu().getIntVal()).isEqualTo(1400);
        assertThat(PptpdImportTest.users(imported)).map(VpnUser::username).containsExactly("alice", "dave", "pump");
        assertThat(PptpdImportTest.passwords(imported)).containsExactly("p\"a ss$1", "s3cret-d", "s3cret-p");
        VpnUser pump = PptpdImportTest.user(imported, "pump");
        assertThat(pump.getSpec().enabled()).isFalse();
        assertThat(pump.getSpec().rateLimit()).isEqualTo(new RateLimit("2M", "10M", "200ms"));
        assertThat(PptpdImportTest.user(imported, "dave").getSpec().rateLimit()).isNull();
        assertThat(pump.getSpec().address()).isEqualTo("10.8.0.200");
        assertThat(pump.getSpec().routes()).containsExactly("192.168.50.0/24");
        assertThat(PptpdImportTest.user(imported, "dave").getSpec().allowedSources()).containsExactly("203.0.113.7/32");
        assertThat(imported.yaml()).contains("the pump", "other: was left out: it is for l2tp");
    }

    @Test
    void accelPppWithItsUsers() {
        ImportedManifests imported = PptpdImportTest
                .manifests(AccelPppImport.of(new SourceFile("accel-ppp.conf", ACCEL),
                        path -> Optional.of(path).filter("/etc/accel/users"::equals).map(it -> new SourceFile(it, """
                                alice * s3cret-a 192.168.0.50 2048/512
                                bob   * s3cret-b *
                                """))));

        assertThat(imported.problems()).isEmpty();
        PptpServerSpec spec = PptpdImportTest.spec(imported);
        assertThat(spec.localIP()).isEqualTo("192.168.0.1");
        assertThat(spec.pools()).containsExactly("192.168.0.2-192.168.0.99");
        assertThat(spec.encryption().policy()).isEqualTo(Policy.Required);
        assertThat(spec.authentication().methods()).containsExactly(Method.MSCHAPV2, Method.MSCHAPV1);
        assertThat(spec.sessionPolicy().whenExceeded()).isEqualTo(SessionPolicy.WhenExceeded.Deny);
        assertThat(spec.keepalive().failures()).isEqualTo(3);
        assertThat(spec.exposure().addresses()).containsExactly("203.0.113.9");
        assertThat(PptpdImportTest.user(imported, "alice").getSpec().address()).isEqualTo("192.168.0.50");
        assertThat(PptpdImportTest.user(imported, "bob").getSpec().address()).isNull();
        assertThat(imported.yaml()).contains("pool office", "10.0.0.0/8: has no counterpart for a whole server",
                "shaper: a user's rate");
        assertThat(PptpdImportTest.user(imported, "alice").getSpec().rateLimit())
                .isEqualTo(new RateLimit("512k", "2.048M", "200ms"));
    }

    /** Where the source insists on encryption, or says that it has none, the import never lets more through. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            auth_mschap_v2 | mppe=require | Required
            auth_mschap_v2 | mppe=prefer  | Preferred
            auth_mschap_v2 | #            | Preferred
            auth_mschap_v2 | mppe=deny    | Off
            auth_pap       | mppe=require | Required
            auth_pap       | mppe=prefer  | Off
            """)
    void encryptionIsNeverWeakerThanAtTheSource(String module, String mppe, Policy policy) {
        ImportedManifests imported = PptpdImportTest.manifests(AccelPppImport.of(
                new SourceFile("a.conf", "[modules]\n" + module + "\n[ppp]\n" + mppe + "\n[ip-pool]\n10.0.0.2-99\n"),
                path -> Optional.empty()));

        assertThat(PptpdImportTest.spec(imported).encryption().policy()).isEqualTo(policy);
    }

    @Test
    void addressesInTooManyPlacesAreAProblemAndNotCutInSilence() {
        var users = new StringBuilder();
        for (int i = 0; i < 257; i++) {
            users.append("user")
                    .append(i)
                    .append(" * secret 10.")
                    .append(i / 128)
                    .append('.')
                    .append(i % 128)
                    .append(".77\n");
        }
        ImportedManifests imported = PptpdImportTest.manifests(AccelPppImport.of(
                new SourceFile("accel-ppp.conf", ACCEL), path -> Optional.of(new SourceFile(path, users.toString()))));

        assertThat(PptpdImportTest.spec(imported).users().allowedNetworks()).hasSize(256);
        assertThat(imported.problems()).map(Remark::toString)
                .singleElement()
                .asString()
                .startsWith("users.allowedNetworks: the file has users' addresses in 257 places");
    }

    @Test
    void usersElsewhereAreAProblem() {
        assertThat(vyos(VYOS.replace("mode 'local'", "mode 'radius'")).problems()).map(Remark::message)
                .singleElement()
                .asString()
                .contains("RADIUS");
        assertThat(PptpdImportTest.manifests(AccelPppImport
                .of(new SourceFile("a.conf", ACCEL.replace("ippool", "radius")), path -> Optional.empty())).problems())
                .map(Remark::message)
                .anyMatch(it -> it.contains("RADIUS"))
                .anyMatch(it -> it.contains("/etc/accel/users was not found"));
    }

    @Test
    void eachKindIsKnownByItsContent() {
        assertThat(kind(VYOS)).contains(SourceKind.VYOS);
        assertThat(kind(EDGEOS)).contains(SourceKind.VYOS);
        assertThat(kind(ROUTEROS)).contains(SourceKind.ROUTEROS);
        assertThat(kind("/ppp secret add name=a password=b\n")).contains(SourceKind.ROUTEROS);
        assertThat(kind(ACCEL)).contains(SourceKind.ACCEL_PPP);
        assertThat(kind("# a comment\nlocalip 10.0.0.1\n")).contains(SourceKind.PPTPD);
        assertThat(kind("option /etc/ppp/pptpd-options\nlogwtmp\n")).contains(SourceKind.PPTPD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello\n", "[section]\nkey=value\n", "interface Gi0/1\n ip address 10.0.0.1\n",
            "{\"a\": 1}", "set interfaces ethernet eth0 address dhcp\n"})
    void otherFilesAreOfNoKind(String text) {
        assertThat(kind(text)).isEmpty();
    }

    @Property(tries = 200)
    void whateverTheFilesSayTheResultCanBeApplied(@ForAll String noise) {
        for (Translation translation : List.of(VyosImport.of(new SourceFile("v", VYOS + noise)),
                VyosImport.of(new SourceFile("v", "set vpn pptp remote-access " + noise)),
                RouterOsImport.of(new SourceFile("r", ROUTEROS + noise)),
                RouterOsImport.of(new SourceFile("r", "/ppp secret add name=" + noise + " password=" + noise)),
                AccelPppImport.of(new SourceFile("a", ACCEL + noise),
                        path -> Optional.of(new SourceFile("s", noise))))) {
            assertThat(PptpdImportTest.spec(PptpdImportTest.manifests(translation)).pools()).isNotEmpty();
        }
    }

    private static Optional<SourceKind> kind(String text) {
        return SourceKind.of(new SourceFile("file", text));
    }

    private static ImportedManifests vyos(String text) {
        return PptpdImportTest.manifests(VyosImport.of(new SourceFile("config.boot", text)));
    }
}
