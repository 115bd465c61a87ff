package io.pptpoperator.dataplane.linux.netlink;

import java.util.Optional;

/** The nf_tables families that IPv4 packets pass (NFPROTO_ numbers). */
public enum NftFamily {
    /** IPv4 and IPv6 together. */
    INET(1, "inet"),
    /** IPv4. */
    IP(2, "ip");

    private final int number;
    private final String title;

    NftFamily(int number, String title) {
        this.number = number;
        this.title = title;
    }

    int number() {
        return number;
    }

    static Optional<NftFamily> of(int number) {
        return number == 1 ? Optional.of(INET) : number == 2 ? Optional.of(IP) : Optional.empty();
    }

    /** As nft writes it: {@code ip}, {@code inet}. */
    @Override
    public String toString() {
        return title;
    }
}
