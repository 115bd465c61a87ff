package io.pptpoperator.operator.pki;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate and its key, both PEM. Its text form never shows the key.
 *
 * @param certificate the certificate
 * @param key the private key, PKCS #8
 */
public record Identity(String certificate, String key) {

    /** The certificate, when both texts are what they shall be. */
    Optional<X509Certificate> parsed() {
        try {
            Pem.key(key);
            return Pem.certificates(certificate).stream().findFirst();
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    PrivateKey privateKey() throws GeneralSecurityException {
        return Pem.key(key);
    }

    /** Whether two thirds of the certificate's life are over, or it is unreadable. */
    boolean isDue(Instant now) {
        return parsed().map(it -> {
            Instant from = it.getNotBefore().toInstant();
            Duration life = Duration.between(from, it.getNotAfter().toInstant());
            return now.isAfter(from.plus(life.multipliedBy(2).dividedBy(3))) || now.isBefore(from);
        }).orElse(true);
    }

    /** Whether {@code authority} signed the certificate. */
    boolean isIssuedBy(X509Certificate authority) {
        return parsed().map(it -> {
            try {
                it.verify(authority.getPublicKey());
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        }).orElse(false);
    }

    @Override
    public String toString() {
        return "Identity[hidden]";
    }
}
