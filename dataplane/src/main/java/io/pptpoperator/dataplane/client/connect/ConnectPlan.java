package io.pptpoperator.dataplane.client.connect;

import io.pptpoperator.dataplane.client.Login;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.List;

/**
 * What the user wants of a connection.
 *
 * @param server name or address
 * @param port TCP port
 * @param routes what to route into the tunnel
 * @param dns what becomes of the server's name servers
 * @param verbose whether to print decoded packets
 */
record ConnectPlan(String server, int port, Login login, EncryptionSettings encryption, List<Ipv4Prefix> routes,
        DnsMode dns, boolean verbose) {

    ConnectPlan {
        routes = List.copyOf(routes);
    }
}
