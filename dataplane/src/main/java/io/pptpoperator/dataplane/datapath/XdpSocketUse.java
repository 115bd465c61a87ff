package io.pptpoperator.dataplane.datapath;

/**
 * When GRE that may leave through a packet socket leaves through an XDP socket instead, which is faster still, but passes
 * by what {@link EgressFilters} looks for.
 */
public enum XdpSocketUse {
    /** Where nothing at the link's egress could do anything to GRE. */
    AUTO,
    /** Whatever the link has at its egress. */
    ALWAYS,
    /** Never. */
    OFF
}
