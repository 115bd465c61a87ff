package io.pptpoperator.dataplane.datapath;

import java.util.Locale;

/**
 * Something that keeps GRE that may leave through packet sockets from leaving through XDP sockets.
 *
 * @param reason what kind of thing
 * @param what the thing, in words
 */
public record XdpSocketObstacle(Reason reason, String what) {

    /** The kinds there are. */
    public enum Reason {
        /** The configuration wants it so. */
        OFF,
        /** The kernel refused something: memory that cannot be locked, a queue that another program has. */
        UNAVAILABLE,
        /** A queueing discipline that shapes or sorts. */
        QUEUEING,
        /** Programs or filters of traffic control. */
        TRAFFIC_CONTROL,
        /** Rules of nf_tables at netdev's egress hook. */
        FIREWALL;

        /** Its name in metrics and in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
