/**
 * The IPv4 packets inside the tunnel: checked, routed to sessions, and made to fit a session's MTU by lowering
 * the TCP MSS, by fragmenting, by telling the sender, or, with segmentation offload, by cutting and joining TCP
 * segments.
 *
 * <p>
 * All of it runs for every packet on a worker thread: buffers are read and written in place, at absolute
 * indices and in network order, and nothing is allocated per packet. Buffers must have the order
 * {@link java.nio.ByteOrder#BIG_ENDIAN}, the one every {@code ByteBuffer} is born with. Malformed packets are
 * answered with an {@link io.pptpoperator.protocol.ip.IpFault}, never with an exception. Classes with state
 * belong to one thread, except where they say otherwise.
 */
package io.pptpoperator.protocol.ip;
