package io.pptpoperator.protocol.ppp.link;

/** The steps of a login whose latency is worth knowing, in the order of RFC 1661 section 3. */
public enum LoginPhase {
    /** LCP is Opened. */
    LCP_OPENED,
    /** Authentication succeeded. */
    AUTHENTICATED,
    /** CCP is Opened. */
    CCP_OPENED,
    /** IPCP is Opened. */
    IPCP_OPENED
}
