/**
 * The worker threads that move packets between the TUN device and GRE, and the handles through which the control
 * loop tells them of tunnels, keys and policies.
 *
 * <p>One worker owns a tunnel's GRE numbers, MPPE keys and counters. The control loop and the workers talk through
 * bounded queues; nothing on a packet's way takes a lock or allocates.
 */
package io.pptpoperator.dataplane.datapath;
