package io.pptpoperator.dataplane.datapath;

import java.util.List;
import java.util.Locale;

/**
 * Something that keeps GRE, to all peers or to some, from leaving through packet sockets.
 *
 * @param reason what kind of thing
 * @param what the thing, in words
 */
public record PacketSocketObstacle(Reason reason, String what) {

    /** The kinds there are. */
    public enum Reason {
        /** The configuration wants it so. */
        OFF,
        /** The kernel refused something. */
        UNAVAILABLE,
        /** Rules of nf_tables or iptables. */
        FIREWALL,
        /** Policies for outgoing packets. */
        IPSEC,
        /** Routing rules that look at the IP protocol. */
        ROUTING_RULES;

        /** Its name in metrics and in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How a list of them reads in the log, which shall not have more of it than one line. */
    static String inWords(List<PacketSocketObstacle> obstacles) {
        int shown = 5;
        String first = String.join(", ", obstacles.stream().limit(shown).map(PacketSocketObstacle::what).toList());
        return obstacles.size() <= shown ? first : first + " and " + (obstacles.size() - shown) + " more";
    }
}
