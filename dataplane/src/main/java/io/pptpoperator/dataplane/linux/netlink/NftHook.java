package io.pptpoperator.dataplane.linux.netlink;

/** Where a base chain sees IPv4 packets (NF_INET_ numbers). */
public enum NftHook {
    /** Packets that arrive, before the routing decision. */
    PREROUTING(0),
    /** Packets for this host itself. */
    INPUT(1),
    /** Packets on their way through this host, after the routing decision. */
    FORWARD(2),
    /** Packets that this host itself sends. */
    OUTPUT(3),
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
