package io.pptpoperator.dataplane.datapath;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The way from workers to the control loop, on which tunnels' listeners are called: bounded for each tunnel. */
final class ControlLoop {
    private final Executor loop;

    ControlLoop(Executor loop) {
        this.loop = loop;
    }

    /** Has a tunnel's listener called; false, without calling, when it has too many calls waiting. */
    boolean call(WorkerTunnel tunnel, Consumer<TunnelListener> call) {
        if (!tunnel.tryEnqueueFrame()) {
            return false;
        }
        loop.execute(() -> {
            try {
                call.accept(tunnel.listener());
            } finally {
                tunnel.frameHandled();
            }
        });
        return true;
    }
}
