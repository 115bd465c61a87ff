package io.pptpoperator.dataplane.server;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.admin.metrics.ServerMetrics;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.datapath.DatapathRest;
import io.pptpoperator.dataplane.handover.HandOverException;
import io.pptpoperator.dataplane.handover.HandOverLine;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.dataplane.network.ServerNetwork;
import io.pptpoperator.dataplane.radius.Radius;
import io.pptpoperator.dataplane.session.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A running server as one that hands over. First nobody new is let in for a moment, so that those who are logging in can
 * finish. Then everything stands still: the control loop, because it is what hands over, and the datapath's workers. So
 * nothing changes while it is told, and no packet leaves after its key was told. If the successor does not take over, all
 * goes on.
 */
final class Predecessor {
    /** How long those who are logging in have to finish; who takes longer dials again. */
    private static final long LOGINS_MILLIS = 3_000;
    private static final long LOOK_MILLIS = 25;
    private static final Duration STANDSTILL = Duration.ofSeconds(2);
    /** Two clocks of one machine do not differ by more; those of two machines do. */
    private static final long MOST_CLOCK_DIFFERENCE = 60_000;

    private final EventLoop controlLoop;
    private final TunDevice tun;
    private final ServerNetwork network;
    private final Datapath datapath;
    private final ControlListener listener;
    private final Sessions sessions;
    private final ServerEvents events;
    private final ServerMetrics metrics;
    private final Radius radius;
    private final LongAdder controlMessagesDropped;

    /** A server whose parts all run. */
    Predecessor(EventLoop controlLoop, TunDevice tun, ServerNetwork network, Datapath datapath,
            ControlListener listener, Sessions sessions, ServerEvents events, ServerMetrics metrics, Radius radius,
            LongAdder controlMessagesDropped) {
        this.controlLoop = controlLoop;
        this.tun = tun;
        this.network = network;
        this.datapath = datapath;
        this.listener = listener;
        this.sessions = sessions;
        this.events = events;
        this.metrics = metrics;
        this.radius = radius;
        this.controlMessagesDropped = controlMessagesDropped;
    }

    /** Why what is wanted cannot be handed over, as the end of a sentence, if it cannot. */
    static Optional<String> objection(HandOverMessage.Wanted wanted, ServerConfig config) {
        HandOverMessage.Shape shape = Succession.shape(config);
        if (wanted.format() != HandOverMessage.FORMAT) {
            return Optional.of("its sessions are in format " + HandOverMessage.FORMAT + ", and format "
                    + wanted.format() + " is wanted");
        } else if (Math.abs(MonotonicClock.millis() - wanted.clock()) > MOST_CLOCK_DIFFERENCE) {
            return Optional.of("it has another monotonic clock");
        } else if (!wanted.shape().equals(shape)) {
            return Optional.of("tun, localIP, listen, datapath.workers and datapath.offload must be the same: it has "
                    + shape + ", and " + wanted.shape() + " is wanted");
        }
        return Optional.empty();
    }

    /**
     * Hands everything over; on return this server sends and receives nothing any more, but to end connections that could
     * not be handed over.
     *
     * @return how many sessions were handed over
     * @throws HandOverException when the successor has not taken over; then all goes on
     */
    int handOver(HandOverLine line) {
        settle();
        try {
            return controlLoop.submit(() -> tell(line)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HandOverException("it was interrupted", e);
        } catch (ExecutionException e) {
            controlLoop.execute(() -> listener.accept(true));
            throw e.getCause() instanceof HandOverException told
                    ? told
                    : new HandOverException("it failed: " + e.getCause(), e.getCause());
        }
    }

    private void settle() {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        long end = MonotonicClock.millis() + LOGINS_MILLIS;
        controlLoop.execute(() -> {
            listener.accept(false);
            look(end, settled);
        });
        settled.join();
    }

    private void look(long end, CompletableFuture<Void> settled) {
        if (MonotonicClock.millis() >= end || listener.connections().stream().allMatch(PeerHandler::isAtRest)) {
            settled.complete(null);
        } else {
            controlLoop.schedule(() -> look(end, settled), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** On the control loop, of which nothing else runs meanwhile. */
    private int tell(HandOverLine line) {
        network.rest();
        DatapathRest rest;
        try {
            rest = datapath.rest(STANDSTILL);
        } catch (IllegalStateException e) {
            network.wake();
            throw new HandOverException(e.getMessage(), e);
        }
        List<PeerHandler> told;
        try {
            told = tellAll(line);
            line.hear(HandOverMessage.Ready.class);
            line.say(new HandOverMessage.Committed());
        } catch (RuntimeException e) {
            rest.goOn();
            network.wake();
            throw e;
        }
        rest.forGood();
        network.leave();
        radius.handedOver();
        told.forEach(PeerHandler::handedOver);
        return told.size();
    }

    private List<PeerHandler> tellAll(HandOverLine line) {
        List<PeerHandler> ready = listener.connections().stream().filter(PeerHandler::isConnectedAndAtRest).toList();
        List<Integer> descriptors = new ArrayList<>(List.of(listener.descriptor()));
        descriptors.addAll(datapath.descriptors());
        descriptors.addAll(tun.queues().stream().map(TunQueue::fd).toList());
        line.say(new HandOverMessage.Server(tun.vnetHeader(), tun.offload().name(), ready.size(),
                HandOverBooks.counts(metrics, datapath, events, controlMessagesDropped)), descriptors);
        HandOverBooks.lastLogins(events.logins().all()).forEach(line::say);
        sessions.memory().parts().forEach(it -> line.say(new HandOverMessage.Memory(it)));
        for (PeerHandler handler : ready) {
            line.say(handler.snapshot().orElseThrow(), List.of(handler.descriptor()));
        }
        line.say(new HandOverMessage.Complete());
        return ready;
    }
}
