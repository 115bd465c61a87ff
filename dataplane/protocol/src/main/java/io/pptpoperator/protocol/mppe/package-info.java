/**
 * MPPE (RFC 3078) and its keys (RFC 3079): RC4, the key schedule, encryption and decryption of one direction.
 *
 * <p>Pure, and part of the hot path: packets are changed in place, nothing is allocated for one, and objects with
 * state belong to one thread. Keys never leave this package as text.
 */
package io.pptpoperator.protocol.mppe;
