package io.pptpoperator.dataplane.datapath;

/**
 * When GRE leaves through a packet socket, which is faster than the raw IP socket but passes by what
 * {@link OutputFilters} looks for.
 */
public enum PacketSocketUse {
    /** Where route and neighbour are known and nothing on the host could do anything to outgoing or incoming GRE. */
    AUTO,
    /** Where route and neighbour are known, whatever firewall rules and IPsec policies there are. */
    ALWAYS,
    /** Never. */
    OFF
}
