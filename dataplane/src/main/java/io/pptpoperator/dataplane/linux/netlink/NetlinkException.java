package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.linux.LinuxException;
import java.io.Serial;

/** The kernel refused a netlink request; the message carries its own explanation (extended acknowledgment), if any. */
public final class NetlinkException extends LinuxException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String kernelMessage;

    /**
     * A refused request.
     *
     * @param request what was asked, as a sentence that begins with "cannot"
     * @param errno the positive error number
     * @param kernelMessage the kernel's explanation, empty when it gave none
     */
    NetlinkException(String request, int errno, String kernelMessage) {
        super("netlink", errno, kernelMessage.isEmpty() ? request : request + ": " + kernelMessage);
        this.kernelMessage = kernelMessage;
    }

    /** The kernel's own explanation, empty when it gave none. */
    public String kernelMessage() {
        return kernelMessage;
    }
}
