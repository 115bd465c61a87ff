package io.pptpoperator.operator.pki;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Mutual TLS with the pods of one server. Pods are dialled by addresses that change, so their certificate is made out
 * to the server's own name, and that is what is checked instead of the address.
 */
public final class AdminTrust {

    private static final int DNS_NAME = 2;

    private AdminTrust() {}

    /**
     * For a client that talks to one server's pods and to nobody else.
     *
     * @param client what it shows to them
     * @param trusted PEM of the authorities that may have issued their certificate
     * @param host what their certificate must be made out to
     */
    public static SSLContext client(Identity client, String trusted, String host) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys(client), new TrustManager[]{new ExpectedServer(authorities(trusted), host)}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot set up TLS with certificates made here", e);
        }
    }

    private static KeyManager[] keys(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry("client", identity.privateKey(), new char[0],
                Pem.certificates(identity.certificate()).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static X509TrustManager authorities(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        List<X509Certificate> certificates = Pem.certificates(pem);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca-" + i, certificates.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Whether a certificate is made out to exactly this name. */
    static boolean isMadeOutTo(X509Certificate certificate, String host) {
        try {
            return certificate.getSubjectAlternativeNames() != null && certificate.getSubjectAlternativeNames()
                    .stream()
                    .anyMatch(name -> name.equals(List.of(DNS_NAME, host)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** The extended kind, because to any other the JDK adds a check against the address that was dialled. */
    private static final class ExpectedServer extends X509ExtendedTrustManager {

        private final X509TrustManager authorities;
        private final String host;

        ExpectedServer(X509TrustManager authorities, String host) {
            this.authorities = authorities;
            this.host = host;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            authorities.checkServerTrusted(chain, authType);
            if (!isMadeOutTo(chain[0], host)) {
                throw new CertificateException("the certificate is not made out to " + host);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is a client; it has none");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authorities.getAcceptedIssuers();
        }
    }
}
