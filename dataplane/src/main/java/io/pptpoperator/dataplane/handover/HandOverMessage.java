package io.pptpoperator.dataplane.handover;

import io.pptpoperator.dataplane.session.LoginMemory;
import io.pptpoperator.dataplane.session.SessionSnapshot;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server and its successor say to one another. The successor asks with {@link Wanted}. The predecessor answers with
 * {@link Refused}, or stops moving packets and says what it has: {@link Server}, {@link LastLogins}, {@link Memory}, a
 * {@link Client} for each session, and {@link Complete}. The successor is {@link Ready}, or has {@link Refused}, and then the predecessor goes
 * on as if nothing had been. With {@link Committed} the sessions are the successor's. That the predecessor has let go of
 * its other ports it says by closing the conversation.
 */
public sealed interface HandOverMessage {

    /** What this release writes. One that reads it in another way than by leaving out what is empty has another number. */
    int FORMAT = 1;

    /**
     * The successor asks for everything.
     *
     * @param format {@link #FORMAT}
     * @param clock milliseconds of its monotonic clock: both have to have the same
     * @param shape what the two must have in common
     */
    record Wanted(int format, long clock, Shape shape) implements HandOverMessage {}

    /**
     * What cannot change with a hand-over, because it is in what is handed over.
     *
     * @param tun name of the TUN device
     * @param localIP the server's end of every link
     * @param address where it listens
     * @param port where it listens
     * @param workers how many queues the TUN device has
     * @param offload what of segmentation the TUN device leaves to the process
     */
    record Shape(String tun, Ipv4Address localIP, Ipv4Address address, int port, int workers, String offload) {}

    /** There will be no hand-over; why, as the end of a sentence. */
    record Refused(String why) implements HandOverMessage {}

    /**
     * What is not a session's. With it come the descriptors of the listening socket, of the GRE sockets and of the TUN
     * device's queues, in this order.
     *
     * @param vnetHeader whether the TUN device has virtio headers
     * @param offload the offload in effect
     * @param connections how many {@link Client}s follow
     * @param counters what was counted, by metric
     */
    record Server(boolean vnetHeader, String offload, int connections,
            Map<String, Long> counters) implements HandOverMessage {}

    /** How the last logins of some users went. */
    record LastLogins(List<LastLogin> logins) implements HandOverMessage {}

    /** How a user's last logins went. */
    record LastLogin(String user, Optional<Instant> login, Optional<Instant> failure, Optional<String> failureReason,
            Optional<Ipv4Address> address, Optional<Ipv4Address> from) {}

    /** What is remembered of logins, or a part of it. */
    record Memory(LoginMemory logins) implements HandOverMessage {}

    /**
     * A client. With it comes the descriptor of its TCP connection.
     *
     * @param session its session
     * @param unread what it has sent, a part of a message
     * @param unsent what is yet to be sent to it
     */
    record Client(SessionSnapshot session, byte[] unread, byte[] unsent) implements HandOverMessage {}

    /** That was all. */
    record Complete() implements HandOverMessage {}

    /** The successor has understood everything, and sends nothing yet. */
    record Ready() implements HandOverMessage {}

    /** The sessions are the successor's; the predecessor sends nothing any more. */
    record Committed() implements HandOverMessage {}
}
