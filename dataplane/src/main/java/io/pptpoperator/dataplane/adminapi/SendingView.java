package io.pptpoperator.dataplane.adminapi;

import java.util.List;
import java.util.Map;

/**
 * How GRE leaves the server.
 *
 * @param packetsSent GRE packets sent so far, by the socket that they left through
 * @param packetSocketObstacles what keeps packets, to all clients or to some, from packet sockets
 * @param xdpSocketObstacles what keeps packets that packet sockets may take from XDP sockets
 */
public record SendingView(Map<String, Long> packetsSent, List<Obstacle> packetSocketObstacles,
        List<Obstacle> xdpSocketObstacles) {

    /**
     * What keeps packets from a kind of socket.
     *
     * @param reason what kind of thing, such as {@code firewall}
     * @param what the thing, in words
     */
    public record Obstacle(String reason, String what) {}
}
