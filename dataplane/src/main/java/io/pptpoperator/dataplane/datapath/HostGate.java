package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.LocalAddresses;
import io.pptpoperator.protocol.ip.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Decides which packets of clients reach the server's own host, and other destinations that are closed by nature: what
 * is open to everybody, and answers to what the host itself has sent to the client. It does so without the kernel's
 * help, so that no change of its rules opens the host. One worker's; it allocates nothing.
 */
final class HostGate {
    private static final int FLOWS = 1 << 14;
    private static final int FRAGMENTED = 1 << 8;
    /** Longer than TCP's keepalive of two hours (RFC 1122 section 4.2.3.6) lets a connection be silent. */
    private static final long TCP_AGE = 3 * 3_600_000L;
    /** As connection tracking remembers a stream of UDP. */
    private static final long OTHER_AGE = 180_000;
    /** How long Linux waits for the rest of a packet (net.ipv4.ipfrag_time). */
    private static final long FRAGMENT_AGE = 30_000;

    private static final int DOMAIN = 53;
    private static final int PORTS = 4;
    private static final int ICMP_HEADER = 8;
    private static final int ECHO_REPLY = 0;
    private static final int UNREACHABLE = 3;
    private static final int ECHO = 8;
    private static final int TIME_EXCEEDED = 11;
    private static final int PARAMETER_PROBLEM = 12;

    private final Supplier<DatapathPolicy> policies;
    private final Supplier<LocalAddresses> addresses;
    /** Connections to clients that the host began, or that it has answers for. */
    private final FlowMemory flows;
    /** Packets of which the first fragment was let through: the later ones have no ports. */
    private final FlowMemory fragmented;

    /**
     * Knows of no connections yet.
     *
     * @param policies the server-wide rules in force
     * @param addresses the host's addresses as they are now
     * @param seed what nobody outside knows
     */
    HostGate(Supplier<DatapathPolicy> policies, Supplier<LocalAddresses> addresses, long seed) {
        this.policies = policies;
        this.addresses = addresses;
        this.flows = new FlowMemory(FLOWS, seed);
        this.fragmented = new FlowMemory(FRAGMENTED, seed);
    }

    /** Whether packets to the address with these 32 bits are for the host, alone or among others. */
    boolean isHost(int address) {
        return address == policies.get().serverAddress().bits() || addresses.get().has(address);
    }

    /** Whether packets to the address with these 32 bits may reach more than one host. */
    boolean isForMany(int address) {
        return DatapathPolicy.isMulticastOrReserved(address) || addresses.get().isBroadcast(address);
    }

    /** Whether a packet of a client, to an address that is closed as a whole, goes through all the same. */
    boolean admits(ByteBuffer packet, int offset, long now) {
        DatapathPolicy policy = policies.get();
        if (policy.hostAccess().everything()) {
            return true;
        }
        int protocol = Ipv4Header.protocol(packet, offset);
        if (Ipv4Header.fragmentOffset(packet, offset) != 0) {
            return fragmented.knows(ends(packet, offset), fragmentOf(packet, offset, protocol), now, FRAGMENT_AGE);
        }
        boolean admitted = protocol == Ipv4Header.ICMP
                ? admitsMessage(policy, packet, offset, now)
                : admitsPort(policy, packet, offset, protocol, now);
        if (admitted && Ipv4Header.isFragment(packet, offset)) {
            fragmented.remember(ends(packet, offset), fragmentOf(packet, offset, protocol), now);
        }
        return admitted;
    }

    private boolean admitsPort(DatapathPolicy policy, ByteBuffer packet, int offset, int protocol, long now) {
        int payload = offset + Ipv4Header.headerLength(packet, offset);
        boolean hasPorts = hasPorts(protocol);
        if (hasPorts && payload + PORTS > offset + Ipv4Header.totalLength(packet, offset)) {
            return false;
        }
        int ports = hasPorts ? packet.getInt(payload) : 0;
        int port = ports & 0xFFFF;
        int destination = Ipv4Header.destination(packet, offset);
        if (hasPorts && isOpen(policy, destination, protocol, port)) {
            return true;
        }
        long ends = (long) destination << 32 | Ipv4Header.source(packet, offset) & 0xFFFF_FFFFL;
        return flows.knows(ends, flow(protocol, port, ports >>> 16), now,
                protocol == Ipv4Header.TCP ? TCP_AGE : OTHER_AGE);
    }

    private boolean isOpen(DatapathPolicy policy, int address, int protocol, int port) {
        boolean unicast = isHost(address) && !isForMany(address);
        return policy.hostAccess().opens(address, unicast, protocol, port) || port == DOMAIN
                && (protocol == Ipv4Header.UDP || protocol == Ipv4Header.TCP) && policy.isNameServer(address);
    }

    private boolean admitsMessage(DatapathPolicy policy, ByteBuffer packet, int offset, long now) {
        int icmp = offset + Ipv4Header.headerLength(packet, offset);
        int end = offset + Ipv4Header.totalLength(packet, offset);
        if (icmp + ICMP_HEADER > end) {
            return false;
        }
        int destination = Ipv4Header.destination(packet, offset);
        return switch (packet.get(icmp)) {
            case ECHO ->
                destination == policy.serverAddress().bits() || isOpen(policy, destination, Ipv4Header.ICMP, 0);
            case ECHO_REPLY -> flows.knows((long) destination << 32 | Ipv4Header.source(packet, offset) & 0xFFFF_FFFFL,
                    flow(Ipv4Header.ICMP, packet.getShort(icmp + 4) & 0xFFFF, 0), now, OTHER_AGE);
            // About a packet that the host sent; whether it did, its sockets know (RFC 5927 section 4).
            case UNREACHABLE, TIME_EXCEEDED, PARAMETER_PROBLEM ->
                isHost(destination) && icmp + ICMP_HEADER + Ipv4Header.MIN_LENGTH <= end
                        && Ipv4Header.source(packet, icmp + ICMP_HEADER) == destination;
            default -> false;
        };
    }

    /** Notes a packet of the host itself to a client, so that its answer is let through. */
    void sent(ByteBuffer packet, int offset, long now) {
        DatapathPolicy policy = policies.get();
        if (policy.hostAccess().everything() || Ipv4Header.fragmentOffset(packet, offset) != 0) {
            return;
        }
        int protocol = Ipv4Header.protocol(packet, offset);
        int payload = offset + Ipv4Header.headerLength(packet, offset);
        int length = offset + Ipv4Header.totalLength(packet, offset) - payload;
        long ends = ends(packet, offset);
        if (protocol == Ipv4Header.ICMP) {
            if (length >= ICMP_HEADER && packet.get(payload) == ECHO) {
                flows.remember(ends, flow(protocol, packet.getShort(payload + 4) & 0xFFFF, 0), now);
            }
        } else if (!hasPorts(protocol)) {
            flows.remember(ends, flow(protocol, 0, 0), now);
        } else if (length >= PORTS) {
            int ports = packet.getInt(payload);
            // Answers of what is open anyway must not use up the room.
            if (!isOpen(policy, Ipv4Header.source(packet, offset), protocol, ports >>> 16)) {
                flows.remember(ends, flow(protocol, ports >>> 16, ports & 0xFFFF), now);
            }
        }
    }

    /** TCP, UDP, SCTP, UDP-Lite and DCCP begin with source and destination port. */
    private static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case Ipv4Header.TCP, Ipv4Header.UDP, 132, 136, 33 -> true;
            default -> false;
        };
    }

    private static long ends(ByteBuffer packet, int offset) {
        return (long) Ipv4Header.source(packet, offset) << 32 | Ipv4Header.destination(packet, offset) & 0xFFFF_FFFFL;
    }

    private static long flow(int protocol, int hostPort, int clientPort) {
        return (long) protocol << 32 | (long) hostPort << 16 | clientPort;
    }

    private static long fragmentOf(ByteBuffer packet, int offset, int protocol) {
        return (long) protocol << 32 | Ipv4Header.identification(packet, offset);
    }
}
