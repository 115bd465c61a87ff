package io.pptpoperator.operator.event;

/** What the operator reports as Kubernetes Events. The names are part of the API; conditions' reasons are beside them. */
public enum EventReason {
    /** What kept a server from being reconciled is over. */
    Recovered(false),
    /** Clients can connect. */
    Ready(false),
    /** Clients cannot connect any more, or not yet. */
    NotReady(true),
    /** The configuration was rendered anew. */
    ConfigurationChanged(false),
    /** Pods are replaced, one at a time, because a setting changed that needs it. */
    Restarting(false),
    /** The spec says something impossible. */
    InvalidSpec(true),
    /** An object that the server needs is somebody else's. */
    NameTaken(true),
    /** The rendered configuration does not fit into a Secret. */
    ConfigurationTooLarge(true),
    /** The API server refuses an object. */
    ObjectRefused(true),
    /** The API server does not manage to do what it is asked, again and again. */
    ApiServerFails(true),
    /** VpnUsers are left out. */
    UsersRejected(true),
    /** The pools are too small. */
    PoolTooSmall(true),
    /** A password was generated. */
    PasswordGenerated(false),
    /** The user can log in. */
    Accepted(false),
    /** The user cannot log in. */
    Rejected(true),
    /** The user's time is over. */
    Expired(false),
    /** The user was switched off. */
    Disabled(false),
    /** A session was ended because the user had too many of them at several pods. */
    SessionLimit(false),
    /** A session was ended because the user's annotation asks for it. */
    Disconnected(false),
    /** An annotation is not what the operator can read. */
    InvalidAnnotation(true);

    private final boolean warning;

    EventReason(boolean warning) {
        this.warning = warning;
    }

    /** The Event's type. */
    public String type() {
        return warning ? "Warning" : "Normal";
    }
}
