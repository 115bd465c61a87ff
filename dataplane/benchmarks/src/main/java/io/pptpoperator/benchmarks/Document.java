package io.pptpoperator.benchmarks;

/** The text of docs/benchmarks.md. */
final class Document {

    private Document() {}

    static String of(String machine, String tunnels, String parts, int rounds, int seconds) {
        StringBuilder text = new StringBuilder("""
                # Benchmarks

                `dataplane/benchmarks/run` has measured and written all of this; edit nothing by hand.

                """).append(machine);
        if (!tunnels.isEmpty()) {
            text.append(
                    """

                            ## Tunnels

                            Each VPN joins two network namespaces of its own over a veth pair with an MTU of 1,500 bytes; both
                            ends and iperf3 share the machine's cores. Inner MTU 1,400 bytes. %d rounds of %d seconds each,
                            one VPN after the other within each round; median (least–greatest). CPU time is the server
                            process's own, user and system. Half loaded: one TCP stream at half of what one stream reached.

                            """
                            .formatted(rounds, seconds))
                    .append(tunnels);
        }
        if (!parts.isEmpty()) {
            text.append("""

                    ## Parts

                    JMH, one thread; mean and error (99.9 %).

                    """).append(parts);
        }
        return text.toString();
    }
}
