package io.pptpoperator.dataplane.admin.metrics;

/** The steps of a login, in their order; each ends when the next one may begin. */
public enum LoginPhase {
    /** From the TCP connection to Start-Control-Connection-Reply. */
    START,
    /** To Outgoing-Call-Reply. */
    CALL,
    /** To LCP opened. */
    LCP,
    /** To the client's proof accepted. */
    AUTHENTICATION,
    /** To CCP opened. */
    CCP,
    /** To IPCP opened: the client is connected. */
    IPCP
}
