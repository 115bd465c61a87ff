/**
 * The {@code serve} command: puts configuration, network, datapath, sessions and administration port together, takes
 * on changes while it runs, and ends all of it in order.
 */
package io.pptpoperator.dataplane.server;
