package io.pptpoperator.dataplane.client;

import io.pptpoperator.dataplane.datapath.DialedTunnel;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import java.util.Optional;

/** Where sessions get their tunnels from: a datapath with a TUN device, or a socket alone. */
@FunctionalInterface
public interface TunnelDialer {

    /** A tunnel under a random free Call ID, or empty when none is free. */
    Optional<DialedTunnel> dial(TunnelSpec spec, TunnelListener listener);
}
