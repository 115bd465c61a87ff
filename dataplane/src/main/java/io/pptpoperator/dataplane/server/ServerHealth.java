package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.network.NetworkWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What is wrong with a running server. For any thread. */
final class ServerHealth {
    /** From then on a control loop that does nothing counts as stuck: its longest task takes a fraction of it. */
    private static final long LONGEST_SILENCE = 10_000;

    private final Datapath datapath;
    private final NetworkWatch watch;
    private final ControlListener listener;
    private final IntSupplier port;
    private final BooleanSupplier draining;
    private volatile long cameRound = MonotonicClock.millis();

    ServerHealth(Datapath datapath, NetworkWatch watch, ControlListener listener, IntSupplier port,
            BooleanSupplier draining) {
        this.datapath = datapath;
        this.watch = watch;
        this.listener = listener;
        this.port = port;
        this.draining = draining;
    }

    /** The control loop has come round. */
    void cameRound() {
        cameRound = MonotonicClock.millis();
    }

    /** What only a new process can put right; nothing while this one does its work. */
    List<String> defects() {
        List<String> defects = new ArrayList<>();
        if (!datapath.isRunning()) {
            defects.add("a datapath worker has stopped");
        }
        long silence = MonotonicClock.millis() - cameRound;
        if (silence > LONGEST_SILENCE) {
            defects.add("the control loop has not come round for " + silence / 1_000 + " s");
        }
        return defects;
    }

    /**
     * What keeps the server from taking new clients; nothing when it is ready. Anybody may ask, and as often as the
     * network carries, so nothing is looked up for it: the state of the network is what its last check has found.
     */
    List<String> problems() {
        List<String> problems = defects();
        problems.addAll(watch.problems());
        if (!listener.isOpen()) {
            problems.add("not listening on TCP " + port.getAsInt());
        }
        if (draining.getAsBoolean()) {
            problems.add("draining: no new calls are taken");
        }
        return problems;
    }
}
