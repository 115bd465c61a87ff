package io.pptpoperator.dataplane.radius;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the servers that settings name. It waits for name servers: not for the control loop. */
final class ServerLookup {

    /**
     * What was found.
     *
     * @param servers that have an address, in the order of the settings
     * @param missing those that have none, by name, and why
     * @param nas this host's address on the way to the first of them
     */
    record Found(List<RadiusServer> servers, Map<String, String> missing, Ipv4Address nas) {

        /** Whether the same would be asked at the same addresses. */
        boolean leadsWhere(Found other) {
            return servers.stream()
                    .map(Found::addresses)
                    .toList()
                    .equals(other.servers.stream().map(Found::addresses).toList()) && missing.equals(other.missing)
                    && nas.equals(other.nas);
        }

        private static List<Object> addresses(RadiusServer server) {
            return List.of(server.name(), server.logins(), server.accounting());
        }
    }

    private final RadiusConfig config;
    private final Map<RadiusConfig.Server, SslContext> contexts = new LinkedHashMap<>();

    /** @throws IOException when a certificate or key cannot be used, saying whose */
    ServerLookup(RadiusConfig config) throws IOException {
        this.config = config;
        for (RadiusConfig.Server server : config.servers()) {
            if (server.transport() == RadiusConfig.Server.Transport.TLS) {
                contexts.put(server, context(server));
            }
        }
    }

    private static SslContext context(RadiusConfig.Server server) throws IOException {
        RadiusConfig.Tls tls = server.tls().orElseThrow(() -> new IOException(server.name() + " has no tls"));
        try {
            // The JDK's own: which other provider is there depends on the image.
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .trustManager(stream(tls.ca()));
            if (tls.certificate().isPresent() && tls.key().isPresent()) {
                builder.keyManager(stream(tls.certificate().get()), stream(tls.key().get().value()));
            }
            return builder.build();
        } catch (IllegalArgumentException | IOException e) {
            throw new IOException(
                    "the TLS certificates of RADIUS server " + server.name() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Looks all names up. */
    Found look() {
        var servers = new ArrayList<RadiusServer>();
        var missing = new LinkedHashMap<String, String>();
        for (RadiusConfig.Server server : config.servers()) {
            try {
                servers.add(server(server, resolve(server.host())));
            } catch (UnknownHostException e) {
                missing.put(server.name(), "no IPv4 address has this name");
            }
        }
        return new Found(servers, missing, ownAddress(servers));
    }

    private static InetAddress resolve(String host) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(host))
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow(() -> new UnknownHostException(host));
    }

    private RadiusServer server(RadiusConfig.Server server, InetAddress address) {
        boolean tls = server.transport() == RadiusConfig.Server.Transport.TLS;
        return new RadiusServer(server.name(), server.priority(), at(address, server.loginPort()),
                at(address, server.recordPort()),
                new PacketAuthentication(server.sharedSecret().value().getBytes(StandardCharsets.UTF_8)),
                // What TLS carries is whole without it (RFC 6614 section 2.3).
                config.requireMessageAuthenticator() && !tls
                        ? Demand.MESSAGE_AUTHENTICATOR
                        : Demand.RESPONSE_AUTHENTICATOR,
                tls
                        ? Optional.of(new RadiusServer.Tls(contexts.get(server),
                                server.tls().flatMap(RadiusConfig.Tls::serverName).orElse(server.host())))
                        : Optional.empty());
    }

    private static Optional<InetSocketAddress> at(InetAddress address, OptionalInt port) {
        return port.isPresent() ? Optional.of(new InetSocketAddress(address, port.getAsInt())) : Optional.empty();
    }

    /** To connect a UDP socket sends nothing: the kernel only says where it would send from. */
    private static Ipv4Address ownAddress(List<RadiusServer> servers) {
        for (RadiusServer server : servers) {
            Optional<Ipv4Address> own = ownAddress(server.logins().or(server::accounting).orElseThrow());
            if (own.isPresent()) {
                return own.get();
            }
        }
        return Ipv4Address.ANY;
    }

    private static Optional<Ipv4Address> ownAddress(InetSocketAddress to) {
        try (var socket = new DatagramSocket()) {
            socket.connect(to);
            return socket.getLocalAddress() instanceof Inet4Address own
                    ? Optional.of(Ipv4Address.parse(own.getHostAddress()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no way there now
        }
    }
}
