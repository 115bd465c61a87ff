package io.pptpoperator.dataplane.linux.netlink;

import java.io.Serial;

/** Bytes that are not the netlink message they should be. */
public final class NetlinkMessageException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    NetlinkMessageException(String sentence) {
        super(sentence);
    }
}
