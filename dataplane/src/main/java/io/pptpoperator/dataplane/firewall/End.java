package io.pptpoperator.dataplane.firewall;

/** One of the two ends between which GRE goes. */
enum End {
    /** This host. */
    LOCAL,
    /** The other one. */
    PEER
}
