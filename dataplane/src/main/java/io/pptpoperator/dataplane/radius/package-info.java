/**
 * Asks RADIUS servers: sockets and TLS connections, identifiers, repetition, servers that are away, the spool of accounting
 * records, and the answers to dynamic authorization. Everything runs on the control loop; what is decided is decided in
 * classes that know no socket.
 */
package io.pptpoperator.dataplane.radius;
