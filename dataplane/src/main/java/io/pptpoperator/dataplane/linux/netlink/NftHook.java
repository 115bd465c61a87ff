package io.pptpoperator.dataplane.linux.netlink;

/** Where a base chain sees IPv4 packets (NF_INET_ numbers). */
public enum NftHook {
    /** Packets on their way through this host, after the routing decision. */
    FORWARD(2),
    /** Packets that leave this host, its own and forwarded ones. */
    POSTROUTING(4);

    private final int number;

    NftHook(int number) {
        this.number = number;
    }

    /** The kernel's number for it. */
    public int number() {
        return number;
    }
}
