package io.pptpoperator.operator.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The data plane's side of mutual TLS, from the files that the operator gives it. */
public final class ServerTls {

    private ServerTls() {}

    /** A context that shows {@code certificate} and trusts clients of {@code clientCa}, all PEM. */
    public static SSLContext of(String certificate, String key, String clientCa) {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("server", Pem.key(key), new char[0],
                    Pem.certificates(certificate).toArray(new Certificate[0]));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            KeyStore authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            for (Certificate authority : Pem.certificates(clientCa)) {
                authorities.setCertificateEntry("ca-" + authorities.size(), authority);
            }
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("these are no usable certificates", e);
        }
    }
}
