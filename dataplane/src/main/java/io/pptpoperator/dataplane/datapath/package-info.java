/**
 * The worker threads that move packets between the TUN device and GRE, and the handles through which the control
 * loop tells them of tunnels, keys and policies.
 *
 * <p>One worker owns a tunnel's GRE numbers, MPPE keys and counters: {@code WorkerTunnel}. The control loop has a {@code
 * TunnelHandle} of it, which sends commands to that worker; workers reach the control loop through {@code ControlLoop} and
 * one another through {@code Handover}. Nothing on a packet's way takes a lock or allocates. What a tunnel is, and what may
 * pass in clear, is {@code protocol.tunnel}'s.
 */
package io.pptpoperator.dataplane.datapath;
