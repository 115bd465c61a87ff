package io.pptpoperator.dataplane.datapath;

import java.util.Locale;

/** How GRE leaves this host. */
public enum SendingPath {
    /** Straight to the network card, past its queueing discipline. */
    XDP_SOCKET,
    /** Straight to the network card. */
    PACKET_SOCKET,
    /** Through the kernel's routing and netfilter. */
    RAW_SOCKET;

    /** Its name in metrics and in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
