package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.RoutingTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A datapath without kernel, threads or batches, for tests of what stands above it: GRE packets come and go as byte
 * arrays, and behind it is one host that answers every ping.
 */
public final class MemoryDatapath implements Tunnels {

    /** The one thread, and its clock. */
    public interface Loop {
        /** Milliseconds. */
        long now();

        /** Runs the task on the thread so many milliseconds from now. */
        void after(long millis, Runnable task);
    }

    private final Loop loop;
    private final BiConsumer<Ipv4Address, byte[]> wire;
    private final Map<Integer, MemoryTunnel> byCallId = new HashMap<>();
    private final RoutingTable<MemoryTunnel> routes = new RoutingTable<>();
    private final Map<DropCause, Integer> drops = new EnumMap<>(DropCause.class);
    private final List<byte[]> arrived = new ArrayList<>();
    private int nextCallId = 0x8001;
    private int capacity = 0xffff;

    /**
     * Without tunnels.
     *
     * @param loop also where tunnels' listeners are called
     * @param wire takes GRE packets to clients
     */
    public MemoryDatapath(Loop loop, BiConsumer<Ipv4Address, byte[]> wire) {
        this.loop = loop;
        this.wire = wire;
    }

    /** Lets there be no more than so many tunnels at once, as if the other Call IDs were taken. */
    public void limitTo(int tunnels) {
        capacity = tunnels;
    }

    @Override
    public Optional<Tunnel> open(TunnelSpec spec, TunnelListener listener) {
        if (byCallId.size() >= capacity) {
            return Optional.empty();
        }
        MemoryTunnel tunnel = new MemoryTunnel(this, nextCallId++, spec, listener);
        byCallId.put(tunnel.callId(), tunnel);
        return Optional.of(tunnel);
    }

    @Override
    public Tunnel takeOver(TunnelSpec spec, TunnelSnapshot before, TunnelListener listener) {
        MemoryTunnel tunnel = new MemoryTunnel(this, before, spec, listener);
        if (byCallId.putIfAbsent(tunnel.callId(), tunnel) != null) {
            throw new IllegalStateException("Call ID " + tunnel.callId() + " is taken");
        }
        return tunnel;
    }

    /** It is no more, and does not say so: another one goes on in its place. */
    public void abandon() {
        byCallId.values().forEach(MemoryTunnel::abandon);
    }

    /** A GRE packet arrived. */
    public void receive(Ipv4Address from, byte[] packet) {
        int callId = packet.length < 8 ? -1 : (packet[6] & 0xff) << 8 | packet[7] & 0xff;
        MemoryTunnel tunnel = byCallId.get(callId);
        if (tunnel == null) {
            drop(DropCause.UNKNOWN_CALL);
        } else if (!tunnel.spec().peer().equals(from)) {
            drop(DropCause.WRONG_PEER);
        } else {
            tunnel.receive(packet, loop.now());
        }
    }

    /** The host behind the server sends an IP packet; false when it belongs to no client. */
    public boolean send(byte[] packet) {
        Optional<MemoryTunnel> tunnel = tunnelOf(Ipv4Address.read(packet, 16));
        tunnel.ifPresent(found -> found.sendIp(packet, loop.now()));
        return tunnel.isPresent();
    }

    /** Where an address of a client leads. */
    public Optional<MemoryTunnel> tunnelOf(Ipv4Address address) {
        return Optional.ofNullable(routes.find(address.bits()));
    }

    RoutingTable<MemoryTunnel> routes() {
        return routes;
    }

    /** All tunnels that are open. */
    public List<MemoryTunnel> tunnels() {
        return List.copyOf(byCallId.values());
    }

    /** IP packets of clients that came through. */
    public List<byte[]> arrived() {
        return arrived;
    }

    /** How many packets were dropped for this cause. */
    public int drops(DropCause cause) {
        return drops.getOrDefault(cause, 0);
    }

    void arrive(byte[] packet) {
        arrived.add(packet);
        if (Ping.isRequest(packet)) {
            send(Ping.replyTo(packet));
        }
    }

    void drop(DropCause cause) {
        drops.merge(cause, 1, Integer::sum);
    }

    void onControlLoop(Runnable call) {
        loop.after(0, call);
    }

    void after(long millis, Runnable task) {
        loop.after(millis, task);
    }

    void toClient(Ipv4Address client, byte[] packet) {
        wire.accept(client, packet);
    }

    void closed(MemoryTunnel tunnel) {
        byCallId.remove(tunnel.callId(), tunnel);
    }

    long now() {
        return loop.now();
    }
}
