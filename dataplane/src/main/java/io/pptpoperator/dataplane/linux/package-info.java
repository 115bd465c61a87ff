/**
 * What the data plane needs of Linux: TUN devices, raw GRE sockets in batches, waiting, waking, pinning, capabilities.
 * Calls go through JNA direct mapping with addresses and primitives only, so that the hot path allocates nothing.
 *
 * <p>Structures are laid out by hand for 64-bit Linux (x86_64 and aarch64 agree on every one used here, which
 * ArchitecturesTest has their compilers check), in the machine's own byte order unless a field is declared to be in
 * network order.
 */
package io.pptpoperator.dataplane.linux;
