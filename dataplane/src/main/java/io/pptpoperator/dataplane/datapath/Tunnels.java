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

    /**
     * Opens a tunnel that goes on where another process' was, under the same Call ID.
     *
     * @throws IllegalStateException when the Call ID is taken
     */
    default Tunnel takeOver(TunnelSpec spec, TunnelSnapshot before, TunnelListener listener) {
        throw new UnsupportedOperationException("only the datapath takes tunnels over");
    }
}
