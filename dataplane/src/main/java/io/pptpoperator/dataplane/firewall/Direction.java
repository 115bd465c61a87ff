package io.pptpoperator.dataplane.firewall;

/** Which way GRE goes through a chain. */
enum Direction {
    /** To a peer. */
    OUT,
    /** From a peer. */
    IN;

    End source() {
        return this == OUT ? End.LOCAL : End.PEER;
    }

    End destination() {
        return this == OUT ? End.PEER : End.LOCAL;
    }
}
