package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.AddressSet;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ip.RoutingTable;
import java.util.HashMap;
import java.util.Map;

/**
 * Where tunnels are found: by the Call ID of a client's packet, and by an address that leads to a client. The control loop
 * writes, every worker reads, without a lock.
 */
final class TunnelDirectory {
    private final CallTable calls = new CallTable();
    private final RoutingTable<WorkerTunnel> routes = new RoutingTable<>();
    /** Our ends of all tunnels, with the number of tunnels of each; written under its lock, rarely. */
    private final Map<Ipv4Address, Integer> ends = new HashMap<>();
    private volatile AddressSet endSet = AddressSet.EMPTY;

    /** Whether a Call ID is taken. */
    boolean contains(int callId) {
        return calls.contains(callId);
    }

    /** Takes a tunnel in, under its Call ID. */
    void add(WorkerTunnel tunnel) {
        calls.put(tunnel);
        countEnd(tunnel.path().local(), 1);
    }

    /** Forgets a tunnel that ends, and frees its Call ID. */
    void remove(WorkerTunnel tunnel) {
        calls.remove(tunnel);
        countEnd(tunnel.path().local(), -1);
    }

    private void countEnd(Ipv4Address end, int change) {
        synchronized (ends) {
            boolean known = ends.containsKey(end);
            ends.merge(end, change, (count, more) -> count + more == 0 ? null : count + more);
            if (known != ends.containsKey(end)) {
                endSet = new AddressSet(ends.keySet());
            }
        }
    }

    /** The tunnel that a client's packet with this Call ID belongs to, of whatever peer; null if there is none. */
    WorkerTunnel ofCall(int callId) {
        return calls.get(callId);
    }

    /** The tunnel to which an address leads, 32 bits; null if there is none. */
    WorkerTunnel leadingTo(int address) {
        return routes.find(address);
    }

    /** Whether a tunnel has our end at the address with these 32 bits. */
    boolean isEnd(int address) {
        return endSet.contains(address);
    }

    /** Leads a prefix to a tunnel, away from any other. */
    void route(Ipv4Prefix prefix, WorkerTunnel tunnel) {
        routes.put(prefix, tunnel);
    }

    /** Leads a prefix nowhere, unless it leads to another tunnel by now. */
    void unroute(Ipv4Prefix prefix, WorkerTunnel tunnel) {
        routes.remove(prefix, tunnel);
    }
}
