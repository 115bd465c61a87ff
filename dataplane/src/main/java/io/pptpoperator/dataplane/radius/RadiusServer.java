package io.pptpoperator.dataplane.radius;

import io.netty.handler.ssl.SslContext;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One server to ask.
 *
 * @param name for logs and metrics: what the settings call it
 * @param priority smaller is asked first
 * @param logins where it takes Access-Requests, if it does
 * @param accounting where it takes Accounting-Requests, if it does; with TLS the same connection
 * @param authentication signs and checks with the secret
 * @param demand what its answers to logins have to show
 * @param tls how to speak TLS (RFC 6614); empty: UDP
 */
public record RadiusServer(String name, int priority, Optional<InetSocketAddress> logins,
        Optional<InetSocketAddress> accounting, PacketAuthentication authentication, PacketAuthentication.Demand demand,
        Optional<Tls> tls) {

    /**
     * TLS to a server.
     *
     * @param context with this end's certificate and whom it trusts
     * @param serverName that the server's certificate must name
     */
    public record Tls(SslContext context, String serverName) {}

    /** What a request is for. */
    public enum Purpose {
        /** An Access-Request. */
        LOGIN,
        /** An Accounting-Request. */
        ACCOUNTING
    }

    /** Where it takes requests of a kind. */
    Optional<InetSocketAddress> address(Purpose purpose) {
        return switch (purpose) {
            case LOGIN -> logins;
            case ACCOUNTING -> accounting;
        };
    }
}
