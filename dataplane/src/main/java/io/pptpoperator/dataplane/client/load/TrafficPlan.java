package io.pptpoperator.dataplane.client.load;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What connected clients send.
 *
 * @param target where to; empty for the server's end of each link
 * @param udpPort for UDP datagrams to that port; empty for pings
 * @param interval nanoseconds between two packets of one client
 * @param size bytes of the whole IP packet
 */
record TrafficPlan(Optional<Ipv4Address> target, OptionalInt udpPort, long interval, int size) {}
