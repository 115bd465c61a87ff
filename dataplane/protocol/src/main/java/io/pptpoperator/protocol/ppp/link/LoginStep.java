package io.pptpoperator.protocol.ppp.link;

/** The steps of a login, from the TCP connection to the addresses, in the order in which most peers take them. */
public enum LoginStep {
    /** The TCP connection is there. */
    TCP("tcp"),
    /** The control connection is open (RFC 2637 section 2.1). */
    CONTROL("start-control"),
    /** The call is up (RFC 2637 section 2.7). */
    CALL("call"),
    /** LCP is open (RFC 1661). */
    LCP("lcp"),
    /** The user is known. */
    AUTHENTICATION("authentication"),
    /** MPPE is agreed on: CCP is open (RFC 3078). */
    ENCRYPTION("mppe"),
    /** IPCP is open (RFC 1332). */
    ADDRESSES("addresses");

    private final String label;

    LoginStep(String label) {
        this.label = label;
    }

    /** Its name in reports and metrics. */
    public String label() {
        return label;
    }
}
