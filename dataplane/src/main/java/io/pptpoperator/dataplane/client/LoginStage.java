package io.pptpoperator.dataplane.client;

/** How far a session has come. */
public enum LoginStage {
    /** The TCP connection is being opened. */
    CONNECTING,
    /** Start-Control-Connection-Request is out. */
    CONTROL,
    /** Outgoing-Call-Request is out. */
    CALL,
    /** The call is up and LCP negotiates. */
    LINK,
    /** LCP is open and the password is being proved. */
    AUTHENTICATION,
    /** The login succeeded; CCP and IPCP negotiate. */
    NETWORK,
    /** IP flows. */
    CONNECTED
}
