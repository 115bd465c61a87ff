package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Setting;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;
import java.util.Optional;

/** Something of the server's own host that clients may reach. */
// @formatter:off
public record HostRule(
        @Setting("one of the host's addresses, or a broadcast or multicast address; each of the host's own when not set")
        Optional<Ipv4Address> address,

        @Setting(value = "what may be spoken; `ICMP`: echo requests", example = "TCP", words = {"TCP", "UDP", "ICMP"})
        Protocol protocol,

        @Setting(value = "such as `443` or `30000-32767`; for `TCP` and `UDP`", max = "64")
        List<Ports> ports) {
    // @formatter:on

    /** What may be spoken. */
    public enum Protocol {
        /** Connections to ports. */
        TCP(6),
        /** Datagrams to ports. */
        UDP(17),
        /** Echo requests. */
        ICMP(1);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }

        /** The IP protocol's number. */
        public int number() {
            return number;
        }
    }

    /**
     * Some ports in a row.
     *
     * @param first the lowest
     * @param last the highest
     */
    public record Ports(int first, int last) {
        private static final int MOST = 65_535;

        /**
         * Reads {@code 443} or {@code 30000-32767}.
         *
         * @throws IllegalArgumentException when it is neither
         */
        public static Ports parse(String text) {
            if (text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
                int dash = text.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
                int last = Integer.parseInt(text.substring(dash + 1));
                if (first >= 1 && first <= last && last <= MOST) {
                    return new Ports(first, last);
                }
            }
            throw new IllegalArgumentException(
                    "'" + text + "' is no port; one such as 443, or some such as 30000-32767, would be right");
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    /** Copies the list. */
    public HostRule {
        ports = List.copyOf(ports);
    }
}
