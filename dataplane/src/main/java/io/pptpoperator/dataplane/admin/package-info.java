/**
 * The administration port: probes, sessions, logins, metrics, drain and debug, over HTTP on loopback and over mutual
 * TLS elsewhere.
 *
 * <p>It shows what it is given by {@code AdminControl} and knows nothing of sessions or the datapath; {@code server}
 * puts the two together.
 */
package io.pptpoperator.dataplane.admin;
