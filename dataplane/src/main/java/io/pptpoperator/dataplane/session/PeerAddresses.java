package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outer addresses of all clients with a call. What is routed into a tunnel must not contain one of them: the
 * client's own GRE would be, and never reach it.
 */
final class PeerAddresses {
    private final Map<Ipv4Address, Integer> calls = new HashMap<>();

    void add(Ipv4Address peer) {
        calls.merge(peer, 1, Integer::sum);
    }

    void remove(Ipv4Address peer) {
        calls.computeIfPresent(peer, (address, count) -> count == 1 ? null : count - 1);
    }

    boolean contains(Ipv4Address address) {
        return calls.containsKey(address);
    }

    /** One of them that lies in a network, if any does. */
    Optional<Ipv4Address> within(Ipv4Prefix network) {
        return calls.keySet().stream().filter(network::contains).min(Ipv4Address::compareTo);
    }

    /** Those networks that contain none of them. */
    List<Ipv4Prefix> clear(List<Ipv4Prefix> networks) {
        return networks.stream().filter(network -> within(network).isEmpty()).toList();
    }
}
