package io.pptpoperator.dataplane.linux.netlink;

import java.util.List;

/** The queueing disciplines of all links (tc(8)). */
public final class Qdiscs {

    // linux/rtnetlink.h
    private static final int RTM_NEWQDISC = 36;
    private static final int RTM_GETQDISC = 38;
    /** {@code struct tcmsg}: {@code u8 family}, 3 pads, {@code i32 ifindex}, {@code u32 handle, parent, info}. */
    private static final int TCMSG = 20;
    private static final int TCA_KIND = 1;

    /**
     * One of them.
     *
     * @param linkIndex whose it is
     * @param kind such as {@code fq_codel}
     */
    public record Qdisc(int linkIndex, String kind) {}

    private final NetlinkSocket socket;

    Qdiscs(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * All there are.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public List<Qdisc> all() {
        MessageWriter request = new MessageWriter(RTM_GETQDISC, 0).u8(0).u8(0).u16(0).u32(0).u32(0).u32(0).u32(0);
        return socket.dump("cannot list the queueing disciplines", request)
                .stream()
                .filter(message -> message.type() == RTM_NEWQDISC)
                .map(message -> new Qdisc(message.structure(TCMSG).getInt(4),
                        message.attributes(TCMSG).text(TCA_KIND).orElse("")))
                .toList();
    }
}
