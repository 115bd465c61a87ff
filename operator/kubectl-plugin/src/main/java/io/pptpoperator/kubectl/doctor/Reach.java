package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.dataplane.client.probe.Report;
import java.util.Optional;

/**
 * How far an address of a server could be reached from this machine.
 *
 * @param address what was dialled
 * @param control what TCP port 1723 did
 * @param millis how long that took
 * @param probe how far a whole call got; nothing where this machine cannot try one
 */
record Reach(String address, Control control, long millis, Optional<Report> probe) {

    /** What came of the control connection. */
    enum Control {
        /** A PPTP server answered. */
        ANSWERS,
        /** Something answered that is no PPTP server, or one that takes no connections. */
        NO_PPTP,
        /** The connection was refused. */
        REFUSED,
        /** Nothing came back. */
        TIMED_OUT,
        /** There is no way there from here. */
        NO_ROUTE,
        /** The name does not resolve. */
        NOT_RESOLVED
    }
}
