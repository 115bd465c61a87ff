package io.pptpoperator.benchmarks.tunnel;

/**
 * What a tunnel of this project's is to be.
 *
 * @param encrypted with MPPE-128, or not at all
 * @param xdp whether both ends send through XDP sockets
 * @param ofUser more to say of its user, in YAML
 */
record PptpTunnel(boolean encrypted, boolean xdp, String ofUser) {

    /** MPPE-128, through the sockets that are the default. */
    static final PptpTunnel ENCRYPTED = new PptpTunnel(true, false, "");
    /** No encryption, through the sockets that are the default. */
    static final PptpTunnel CLEAR = new PptpTunnel(false, false, "");

    /** The same through XDP sockets. */
    PptpTunnel throughXdp() {
        return new PptpTunnel(encrypted, true, ofUser);
    }

    /** The same for a user of whom there is more to say. */
    PptpTunnel ofUser(String more) {
        return new PptpTunnel(encrypted, xdp, more);
    }
}
