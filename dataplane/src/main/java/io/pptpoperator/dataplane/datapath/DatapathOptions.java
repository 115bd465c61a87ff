package io.pptpoperator.dataplane.datapath;

/**
 * How workers run and send.
 *
 * @param packetSockets when GRE leaves through packet sockets
 * @param xdpSockets when what packet sockets may take leaves through XDP sockets
 * @param realTimePriority whether workers run ahead of the host's ordinary threads while there is little to do, if
 *     they may
 * @param cpuAffinity whether each worker keeps to a CPU of its own, if there are enough
 */
public record DatapathOptions(PacketSocketUse packetSockets, XdpSocketUse xdpSockets, boolean realTimePriority,
        boolean cpuAffinity) {}
