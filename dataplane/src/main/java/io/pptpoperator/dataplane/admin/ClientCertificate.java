package io.pptpoperator.dataplane.admin;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Whether a client has shown a certificate; one that the client CA did not issue ends the connection before this. */
final class ClientCertificate {

    private ClientCertificate() {}

    static boolean isPresent(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        try {
            return tls != null && tls.engine().getSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }
}
