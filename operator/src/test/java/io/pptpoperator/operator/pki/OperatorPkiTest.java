package io.pptpoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorPkiTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Identity NONE = new Identity("", "");
    private static final String HOST = "office.vpn.pptp-operator.internal";

    private final SecureRandom random = new SecureRandom();

    @Test
    void whatIsStillGoodIsKept() {
        OperatorPki first = OperatorPki.of(Map.of(), START, random);
        Instant later = START.plus(Duration.ofDays(59));

        OperatorPki second = OperatorPki.of(first.files(), later, random);
        assertThat(second.files()).isEqualTo(first.files());

        Identity server = first.server(NONE, HOST, START, random);
        assertThat(second.server(server, HOST, later, random)).isEqualTo(server);
    }

    @Test
    void leavesAreRenewedWhenTwoThirdsOfTheirLifeAreOver() {
        OperatorPki first = OperatorPki.of(Map.of(), START, random);
        Identity server = first.server(NONE, HOST, START, random);
        Instant later = START.plus(Duration.ofDays(61));

        OperatorPki second = OperatorPki.of(first.files(), later, random);

        assertThat(second.client()).isNotEqualTo(first.client());
        assertThat(second.authority()).isEqualTo(first.authority());
        assertThat(second.server(server, HOST, later, random)).isNotEqualTo(server);
    }

    @Test
    void aReplacedAuthorityStaysTrustedUntilItExpires() throws GeneralSecurityException {
        OperatorPki first = OperatorPki.of(Map.of(), START, random);
        OperatorPki second = OperatorPki.of(first.files(), START.plus(Duration.ofDays(2500)), random);
        OperatorPki third = OperatorPki.of(second.files(), START.plus(Duration.ofDays(3700)), random);

        assertThat(second.authority()).isNotEqualTo(first.authority());
        assertThat(Pem.certificates(second.trusted())).containsExactly(certificate(second.authority()),
                certificate(first.authority()));
        assertThat(Pem.certificates(third.trusted())).containsExactly(certificate(second.authority()));
        Identity old = first.server(NONE, HOST, START, random);
        assertThat(certificate(second.server(old, HOST, START.plus(Duration.ofDays(2500)), random))
                .getIssuerX500Principal()).isEqualTo(certificate(second.authority()).getSubjectX500Principal());
    }

    @Test
    void somebodyElsesCertificateIsReplaced() {
        OperatorPki pki = OperatorPki.of(Map.of(), START, random);
        Identity other = pki.server(NONE, "other.vpn.pptp-operator.internal", START, random);

        assertThat(pki.server(other, HOST, START, random)).isNotEqualTo(other);
    }

    @Test
    void garbageInTheSecretIsReplaced() {
        OperatorPki pki = OperatorPki.of(Map.of("ca.crt", "x", "ca.key", "y", "client.crt", "z"), START, random);

        assertThat(pki.client().isIssuedBy(pki.authority().parsed().orElseThrow())).isTrue();
    }

    @Test
    void aServersCertificateIsNoClientCertificate() throws GeneralSecurityException {
        OperatorPki pki = OperatorPki.of(Map.of(), START, random);

        assertThat(certificate(pki.server(NONE, HOST, START, random)).getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate(pki.client()).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void peopleKeepTheirCertificateUntilItIsDueOrItsAuthorityWasReplaced() {
        OperatorPki pki = OperatorPki.of(Map.of(), START, random);
        Identity people = pki.people(NONE, START, random);

        assertThat(pki.people(people, START.plus(Duration.ofDays(59)), random)).isEqualTo(people);
        assertThat(pki.people(people, START.plus(Duration.ofDays(61)), random)).isNotEqualTo(people);
        OperatorPki other = OperatorPki.of(Map.of(), START, random);
        assertThat(other.people(people, START, random)).isNotEqualTo(people)
                .satisfies(it -> assertThat(it.isIssuedBy(other.authority().parsed().orElseThrow())).isTrue());
    }

    @Test
    void noKeyIsEverInATextForm() {
        OperatorPki pki = OperatorPki.of(Map.of(), START, random);

        assertThat(pki.toString() + pki.client()).doesNotContain("KEY");
    }

    private static X509Certificate certificate(Identity identity) throws GeneralSecurityException {
        return Pem.certificates(identity.certificate()).getFirst();
    }
}
