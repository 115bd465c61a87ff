package io.pptpoperator.dataplane.session;

/** How far two ends are with one protocol's options: it is open once each has acknowledged the other's. */
final class Agreement {
    private boolean oursAcked;
    private boolean serversAcked;

    /** The server agrees to what we asked for. */
    void ackedByServer() {
        oursAcked = true;
    }

    /** We have agreed to what the server asked for. */
    void ackedByUs() {
        serversAcked = true;
    }

    boolean reached() {
        return oursAcked && serversAcked;
    }
}
