package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a session's TCP connection leads.
 *
 * @param server the server's address
 * @param port its TCP port, usually {@link #PORT}
 * @param source this host's address to connect from, and so of GRE too; empty to let the kernel choose
 * @param connectTimeout milliseconds that the TCP connection may take
 * @param reset whether closing resets the connection, so that thousands of them in a row leave no ports behind in
 *     TIME-WAIT
 */
public record Destination(Ipv4Address server, int port, Optional<Ipv4Address> source, int connectTimeout,
        boolean reset) {

    /** PPTP's TCP port (RFC 2637 section 1.3). */
    public static final int PORT = 1723;

    /** With the usual patience, from whichever address. */
    public static Destination of(Ipv4Address server, int port) {
        return new Destination(server, port, Optional.empty(), 15_000, false);
    }

    /**
     * The first IPv4 address of a name; PPTP knows no other.
     *
     * @throws UnknownHostException when there is none
     */
    public static Ipv4Address resolve(String name) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(name))
                .filter(Inet4Address.class::isInstance)
                .map(address -> Ipv4Address.of((Inet4Address) address))
                .findFirst()
                .orElseThrow(() -> new UnknownHostException(name + " has no IPv4 address"));
    }

    InetSocketAddress remote() {
        return new InetSocketAddress(server.toInetAddress(), port);
    }

    Optional<InetSocketAddress> local() {
        return source.map(address -> new InetSocketAddress(address.toInetAddress(), 0));
    }
}
