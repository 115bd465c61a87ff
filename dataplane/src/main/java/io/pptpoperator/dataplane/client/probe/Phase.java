package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.protocol.ppp.link.LoginStep;

/** What is probed, from a server's name to a usable tunnel, in order: the steps of a login, and what lies around them. */
public enum Phase {
    /** The server's name resolves. */
    NAME("name", 10),
    /** Its TCP port answers. */
    TCP(LoginStep.TCP, 11),
    /** The control connection opens (RFC 2637 section 2.1). */
    CONTROL(LoginStep.CONTROL, 12),
    /** The call is placed (RFC 2637 section 2.7). */
    CALL(LoginStep.CALL, 13),
    /** GRE from here reaches the server. */
    GRE_OUT("gre-out", 14),
    /** GRE from the server arrives here. */
    GRE_BACK("gre-back", 15),
    /** LCP opens. */
    LCP(LoginStep.LCP, 16),
    /** The login succeeds. */
    AUTHENTICATION(LoginStep.AUTHENTICATION, 17),
    /** MPPE is agreed on. */
    ENCRYPTION(LoginStep.ENCRYPTION, 18),
    /** IPCP gives addresses. */
    ADDRESSES(LoginStep.ADDRESSES, 19),
    /** A ping through the tunnel comes back. */
    TRAFFIC("traffic", 20),
    /** LCP echoes come back. */
    ECHO("lcp-echo", 21),
    /** Packets of full size pass. */
    PATH_MTU("path-mtu", 22);

    private final String label;
    private final int exitStatus;

    Phase(LoginStep step, int exitStatus) {
        this(step.label(), exitStatus);
    }

    Phase(String label, int exitStatus) {
        this.label = label;
        this.exitStatus = exitStatus;
    }

    /** Its name in reports. */
    public String label() {
        return label;
    }

    /** The exit status of a probe that failed here. */
    public int exitStatus() {
        return exitStatus;
    }
}
