/**
 * Enhanced GRE, the tunnel half of PPTP (RFC 2637 section 4): the header, the numbers both sides count, and the
 * order in which received packets reach PPP.
 *
 * <p>
 * All of it runs for every packet on a worker thread: buffers are read and written in place, at absolute
 * indices and in network order, and nothing is allocated per packet. Buffers must have the order
 * {@link java.nio.ByteOrder#BIG_ENDIAN}, the one every {@code ByteBuffer} is born with. Classes
 * with state belong to one thread.
 */
package io.pptpoperator.protocol.gre;
