package io.pptpoperator.dataplane.server;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The addresses at which this host can be reached. */
final class HostAddresses {

    private HostAddresses() {}

    /** All IPv4 addresses of interfaces that are up, but for loopback and {@code except}. */
    static List<Ipv4Address> list(Ipv4Address except) {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(HostAddresses::isUsable)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .map(address -> Ipv4Address.of((Inet4Address) address))
                    .filter(address -> !address.equals(except))
                    .toList();
        } catch (SocketException e) {
            return List.of(); // only a hint for people depends on it
        }
    }

    private static boolean isUsable(NetworkInterface candidate) {
        try {
            return candidate.isUp() && !candidate.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }
}
