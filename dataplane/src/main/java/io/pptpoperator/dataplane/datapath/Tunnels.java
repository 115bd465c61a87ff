package io.pptpoperator.dataplane.datapath;

import java.util.Optional;

/** Where sessions get their tunnels from: {@link Datapath}, or a test without a kernel. */
@FunctionalInterface
public interface Tunnels {

    /**
     * Opens a tunnel under a random free Call ID. From here on its GRE is taken, and nothing but control frames passes.
     *
     * @return the tunnel, or empty when no Call ID is free
     */
    Optional<Tunnel> open(TunnelSpec spec, TunnelListener listener);
}
