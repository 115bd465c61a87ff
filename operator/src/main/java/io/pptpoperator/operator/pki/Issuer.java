package io.pptpoperator.operator.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues ECDSA certificates (RFC 5280). */
final class Issuer {

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(90);
    /** Nodes' clocks may be a little behind the operator's. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final SecureRandom random;

    Issuer(SecureRandom random) {
        this.random = random;
    }

    /** A self-signed authority. */
    Identity authority(String name, Instant now) {
        return issue(null, subject(name), now, AUTHORITY_LIFE, certificate -> {
            certificate.add(Extension.basicConstraints, true, new BasicConstraints(0));
            certificate.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    /** A certificate that a server named {@code host} shows. */
    Identity server(Identity authority, String host, Instant now) {
        return issue(authority, subject("pptp-server"), now, LEAF_LIFE, certificate -> {
            leaf(certificate, KeyPurposeId.id_kp_serverAuth);
            certificate.add(Extension.subjectAlternativeName, true,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
        });
    }

    /** A certificate that a client shows. */
    Identity client(Identity authority, String name, Instant now) {
        return issue(authority, subject(name), now, LEAF_LIFE,
                certificate -> leaf(certificate, KeyPurposeId.id_kp_clientAuth));
    }

    private static X500Name subject(String name) {
        return new X500Name("CN=" + name + ",O=pptp-operator");
    }

    private static void leaf(Extensions certificate, KeyPurposeId purpose) {
        certificate.add(Extension.basicConstraints, true, new BasicConstraints(false));
        certificate.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        certificate.add(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
    }

    private interface Contents {
        void addTo(Extensions certificate);
    }

    /** Adds extensions without the checked exception of an encoding that cannot fail. */
    private record Extensions(X509v3CertificateBuilder builder) {
        void add(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
            try {
                builder.addExtension(type, critical, value);
            } catch (CertIOException e) {
                throw new AssertionError("extensions made here can be encoded", e);
            }
        }
    }

    private Identity issue(Identity authority, X500Name subject, Instant now, Duration life, Contents contents) {
        try {
            KeyPair keys = keys();
            PrivateKey signer = authority == null ? keys.getPrivate() : authority.privateKey();
            X509Certificate parent = authority == null ? null : authority.parsed().orElseThrow();
            X500Name issuer = parent == null
                    ? subject
                    : X500Name.getInstance(parent.getSubjectX500Principal().getEncoded());
            PublicKey issuerKey = parent == null ? keys.getPublic() : parent.getPublicKey();
            var builder = new JcaX509v3CertificateBuilder(issuer, new BigInteger(127, random).add(BigInteger.ONE),
                    Date.from(now.minus(SKEW)), Date.from(now.plus(life)), subject, keys.getPublic());
            var extensions = new Extensions(builder);
            var identifiers = new JcaX509ExtensionUtils();
            extensions.add(Extension.subjectKeyIdentifier, false,
                    identifiers.createSubjectKeyIdentifier(keys.getPublic()));
            extensions.add(Extension.authorityKeyIdentifier, false,
                    identifiers.createAuthorityKeyIdentifier(issuerKey));
            contents.addTo(extensions);
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
            return new Identity(Pem.of("CERTIFICATE", certificate.getEncoded()),
                    Pem.of("PRIVATE KEY", keys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("this JDK cannot issue an ECDSA certificate", e);
        }
    }

    private KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }
}
