package io.pptpoperator.dataplane.datapath;

/**
 * How workers run and send.
 *
 * @param packetSockets when GRE leaves through packet sockets
 * @param precedence whether workers run ahead of the host's ordinary threads while there is little to do, if they may
 * @param pinned whether each worker keeps to a CPU of its own, if there are enough
 */
public record DatapathOptions(PacketSocketUse packetSockets, boolean precedence, boolean pinned) {}
