package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateBucket;
import java.util.Optional;

/**
 * How fast a tunnel may be, and how much may pass it, in bytes of inner IP.
 *
 * @param upload what is from the client has to be paid for there; several tunnels may share a bucket, and it may change
 * @param download the same for what is to the client
 * @param octets how many bytes may pass, counted from the tunnel's beginning
 */
public record TunnelLimits(Optional<RateBucket> upload, Optional<RateBucket> download, Optional<OctetLimit> octets) {

    /** As fast as it can be, and any number of bytes. */
    public static final TunnelLimits NONE = new TunnelLimits(Optional.empty(), Optional.empty(), Optional.empty());
}
