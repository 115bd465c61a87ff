package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;

/** Whether this host encrypts what it sends (IPsec, linux/xfrm.h). */
public final class IpsecPolicies {

    private static final int XFRM_MSG_NEWSPDINFO = 36;
    private static final int XFRM_MSG_GETSPDINFO = 37;
    private static final int XFRMA_SPD_INFO = 1;
    /** {@code struct xfrmu_spdinfo}: {@code u32 incnt, outcnt, fwdcnt, inscnt, outscnt, fwdscnt}. */
    private static final int OUTGOING = 4;

    private IpsecPolicies() {}

    /**
     * Whether there is a policy for outgoing packets in the network namespace of the calling thread.
     *
     * @throws LinuxException when the kernel does not tell
     */
    public static boolean concernOutput() {
        NetlinkSocket socket;
        try {
            socket = NetlinkSocket.open(NetlinkSocket.Family.XFRM);
        } catch (LinuxException e) {
            if (e.errno() == Errno.EPROTONOSUPPORT) {
                return false; // a kernel without IPsec
            }
            throw e;
        }
        try (socket) {
            return socket.request("cannot ask for the IPsec policies", new MessageWriter(XFRM_MSG_GETSPDINFO, 0).u32(0))
                    .stream()
                    .filter(message -> message.type() == XFRM_MSG_NEWSPDINFO)
                    .anyMatch(message -> message.attributes(Integer.BYTES)
                            .bytes(XFRMA_SPD_INFO)
                            .filter(info -> hasOutgoing(info))
                            .isPresent());
        }
    }

    private static boolean hasOutgoing(byte[] info) {
        for (int i = OUTGOING; i < OUTGOING + Integer.BYTES && i < info.length; i++) {
            if (info[i] != 0) {
                return true;
            }
        }
        return false;
    }
}
