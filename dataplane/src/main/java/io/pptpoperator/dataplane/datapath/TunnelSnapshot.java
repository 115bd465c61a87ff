package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.tunnel.TunnelState;

/**
 * A tunnel of a datapath that rests: all that another datapath needs to go on in its place.
 *
 * @param callId our Call ID
 * @param state numbers and keys
 * @param traffic what it has carried
 */
public record TunnelSnapshot(int callId, TunnelState.Snapshot state, TrafficCounters.Snapshot traffic) {}
