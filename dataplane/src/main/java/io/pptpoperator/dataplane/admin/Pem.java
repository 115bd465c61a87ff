package io.pptpoperator.dataplane.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads certificates and private keys from PEM files (RFC 7468). Messages never quote a key. */
final class Pem {

    private static final Pattern PKCS8 = Pattern
            .compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private Pem() {}

    /** All certificates of a file, at least one. */
    static X509Certificate[] certificates(String field, Path file) throws TlsFileException {
        X509Certificate[] certificates;
        try (InputStream in = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw new TlsFileException(field + ": " + file + " is not PEM with certificates", e);
        } catch (IOException e) {
            throw unreadable(field, file, e);
        }
        if (certificates.length == 0) {
            throw new TlsFileException(
                    field + ": " + file
                            + " has no certificate; PEM that begins with -----BEGIN CERTIFICATE----- would be right",
                    null);
        }
        return certificates;
    }

    /** The one private key of a file. */
    static PrivateKey privateKey(String field, Path file) throws TlsFileException {
        Matcher matcher;
        try {
            matcher = PKCS8.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw unreadable(field, file, e);
        }
        String base64 = matcher.find() ? matcher.group(1) : "";
        return Stream.of("RSA", "EC", "EdDSA")
                .flatMap(algorithm -> key(algorithm, base64).stream())
                .findFirst()
                .orElseThrow(() -> new TlsFileException(field + ": " + file
                        + " has no RSA, EC or EdDSA key in PKCS #8; PEM that begins with -----BEGIN PRIVATE KEY-----,"
                        + " as 'openssl pkcs8 -topk8 -nocrypt' writes it, would be right", null));
    }

    private static Optional<PrivateKey> key(String algorithm, String base64) {
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(base64);
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            return Optional.empty(); // a key of another algorithm, or none
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has RSA, EC and EdDSA", e);
        }
    }

    private static TlsFileException unreadable(String field, Path file, IOException cause) {
        return new TlsFileException(field + ": " + file + " cannot be read: " + cause, cause);
    }
}
