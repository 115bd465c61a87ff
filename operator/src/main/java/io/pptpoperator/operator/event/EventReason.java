package io.pptpoperator.operator.event;

/**
 * What the operator reports as Kubernetes Events. The names are part of the API; conditions' reasons are beside them.
 */
public enum EventReason {
    /** What kept a server from being reconciled is over. */
    Recovered(false, Matter.RECONCILED),
    /** Clients can connect. */
    Ready(false, Matter.SERVING),
    /** Clients cannot connect any more, or not yet. */
    NotReady(true, Matter.SERVING),
    /** Clients can connect, but pods are missing that do not come by themselves. */
    Degraded(true, Matter.SERVING),
    /** The configuration was rendered anew. */
    ConfigurationChanged(false, Matter.CONFIGURATION),
    /** Pods are replaced, one at a time, because a setting changed that needs it. */
    Restarting(false, Matter.RESTART),
    /** The spec says something impossible. */
    InvalidSpec(true, Matter.RECONCILED),
    /** An object that the server needs is somebody else's. */
    NameTaken(true, Matter.RECONCILED),
    /** The image that pods are to be replaced for cannot be had where they run. */
    ImageNotPulled(true, Matter.RECONCILED),
    /** The rendered configuration does not fit into a Secret. */
    ConfigurationTooLarge(true, Matter.RECONCILED),
    /** The API server refuses an object. */
    ObjectRefused(true, Matter.RECONCILED),
    /** The API server does not manage to do what it is asked, again and again. */
    ApiServerFails(true, Matter.RECONCILED),
    /** A RADIUS server does not answer, or could not be asked. */
    RadiusUnreachable(true, Matter.RADIUS),
    /** All RADIUS servers answer again. */
    RadiusReachable(false, Matter.RADIUS),
    /** VpnUsers are left out. */
    UsersRejected(true, Matter.USERS),
    /** The pools are too small. */
    PoolTooSmall(true, Matter.POOLS),
    /** A password was generated. */
    PasswordGenerated(false, Matter.PASSWORD),
    /** A password was generated in the place of one that is gone. */
    PasswordReplaced(true, Matter.PASSWORD),
    /** The Secret with the password is gone, for a moment perhaps. */
    PasswordMissing(true, Matter.PASSWORD),
    /** The user can log in, or the profile is in force again. */
    Accepted(false, Matter.LOGIN),
    /** The user cannot log in, or the profile does not give what it says. */
    Rejected(true, Matter.LOGIN),
    /** The user's time is over. */
    Expired(false, Matter.LOGIN),
    /** The user was switched off. */
    Disabled(false, Matter.LOGIN),
    /** A session was ended because the user had too many of them at several pods. */
    SessionLimit(false, Matter.LIMIT),
    /** A session was ended because the user's annotation asks for it. */
    Disconnected(false, Matter.DISCONNECTION),
    /** An annotation is not what the operator can read. */
    InvalidAnnotation(true, Matter.DISCONNECTION);

    /** What several reasons are about: of those, the last one is true. */
    enum Matter {
        /** Whether clients can connect. */
        SERVING,
        /** Whether a server is as its spec says. */
        RECONCILED,
        /** What pods are told. */
        CONFIGURATION,
        /** New pods. */
        RESTART,
        /** Whether RADIUS servers answer. */
        RADIUS,
        /** Who is left out. */
        USERS,
        /** Addresses. */
        POOLS,
        /** A user's password. */
        PASSWORD,
        /** Whether a user can log in. */
        LOGIN,
        /** Sessions over several pods. */
        LIMIT,
        /** An order to end sessions. */
        DISCONNECTION
    }

    private final boolean warning;
    private final Matter matter;

    EventReason(boolean warning, Matter matter) {
        this.warning = warning;
        this.matter = matter;
    }

    Matter matter() {
        return matter;
    }

    /** The Event's type. */
    public String type() {
        return warning ? "Warning" : "Normal";
    }
}
