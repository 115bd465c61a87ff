package io.pptpoperator.dataplane.admin;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.pptpoperator.dataplane.config.FileStamp;
import io.pptpoperator.dataplane.config.ServerConfig;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS from files, with client certificates. Each new connection looks whether the files changed; those that are open
 * keep what they began with. Files that cannot be used leave the former ones in force.
 */
final class AdminTls {

    private static final Logger LOG = LoggerFactory.getLogger(AdminTls.class);

    private final ServerConfig.Tls files;
    private List<FileStamp> stamps;
    private SslContext context;

    /** Reads the files for the first time. */
    AdminTls(ServerConfig.Tls files) throws TlsFileException {
        this.files = files;
        this.stamps = stamps(files);
        this.context = load(files);
    }

    /** What a connection that begins now uses. */
    synchronized SslContext current() {
        List<FileStamp> now = stamps(files);
        if (!now.equals(stamps)) {
            stamps = now;
            try {
                context = load(files);
                LOG.info("The administration port uses new certificates");
            } catch (TlsFileException e) {
                LOG.warn("The administration port keeps its former certificates: {}", e.getMessage());
            }
        }
        return context;
    }

    private static SslContext load(ServerConfig.Tls files) throws TlsFileException {
        X509Certificate[] chain = Pem.certificates("adminTLS.certificate", files.certificate());
        PrivateKey key = Pem.privateKey("adminTLS.key", files.key());
        if (!belongTogether(key, chain[0].getPublicKey())) {
            throw new TlsFileException(
                    "adminTLS.key: " + files.key() + " is not the key of the certificate in " + files.certificate(),
                    null);
        }
        X509Certificate[] clientCa = Pem.certificates("adminTLS.clientCA", files.clientCA());
        try {
            // Optional for the probes alone: see AdminRoutes.
            return SslContextBuilder.forServer(key, chain)
                    .trustManager(clientCa)
                    .clientAuth(ClientAuth.OPTIONAL)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .sslProvider(SslProvider.JDK)
                    .build();
        } catch (SSLException e) {
            throw new TlsFileException("adminTLS: " + e.getMessage(), e);
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            LOG.debug("The key does not fit the certificate: {}", e.toString());
            return false;
        }
    }

    private static List<FileStamp> stamps(ServerConfig.Tls files) {
        return Stream.of(files.certificate(), files.key(), files.clientCA()).map(FileStamp::of).toList();
    }
}
