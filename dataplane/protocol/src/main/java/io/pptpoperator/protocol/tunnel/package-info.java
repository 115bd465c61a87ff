/**
 * One PPTP tunnel from GRE to IP, whoever has its other end and whatever moves its packets: the order of what comes, what
 * of it is control and what is data, MPPE, and the rule of what may pass in clear. {@link
 * io.pptpoperator.protocol.tunnel.TunnelState} is one tunnel; a {@link io.pptpoperator.protocol.tunnel.TunnelReceiver} and
 * a {@link io.pptpoperator.protocol.tunnel.TunnelSender} are what one thread moves the packets of its tunnels with.
 *
 * <p>Nothing here knows sockets, threads or clocks, and nothing is allocated per packet.
 */
package io.pptpoperator.protocol.tunnel;
