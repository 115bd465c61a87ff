/**
 * IPv4 addresses and prefixes as values, pools of them, and which session has which address of a pool.
 *
 * <p>Pure, and at the bottom: it knows no other package. Addresses are ints in network order wherever they travel by
 * the packet.
 */
package io.pptpoperator.protocol.address;
