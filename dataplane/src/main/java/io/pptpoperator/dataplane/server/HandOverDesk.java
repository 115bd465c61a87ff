package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.handover.HandOverException;
import io.pptpoperator.dataplane.handover.HandOverLine;
import io.pptpoperator.dataplane.handover.HandOverPlace;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import io.pptpoperator.dataplane.linux.UnixSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for successors, on a thread of its own. */
final class HandOverDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HandOverDesk.class);
    /** The control loop waits as long at most for a successor that says nothing; it counts as stuck after 10 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final HandOverPlace place;
    private final UnixSocket socket;
    private final Consumer<HandOverLine> serve;
    private final Thread thread = Thread.ofPlatform().daemon().name("hand-over").unstarted(this::run);
    private volatile boolean closed;

    private HandOverDesk(HandOverPlace place, UnixSocket socket, Consumer<HandOverLine> serve) {
        this.place = place;
        this.socket = socket;
        this.serve = serve;
    }

    /**
     * Begins to wait; empty where nothing can be handed over, which the log explains.
     *
     * @param serve hands over to a successor that has come
     */
    static Optional<HandOverDesk> open(Succession succession, SocketTransport transport, ServerConfig config,
            Consumer<HandOverLine> serve) {
        try {
            transport.obstacle().ifPresent(obstacle -> {
                throw new HandOverException(obstacle);
            });
            HandOverPlace place = succession.place(config);
            HandOverDesk desk = new HandOverDesk(place, place.listen(), serve);
            desk.thread.start();
            return Optional.of(desk);
        } catch (HandOverException e) {
            LOG.info("Sessions cannot be handed over to a successor: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void run() {
        while (!closed) {
            try (HandOverLine line = HandOverPlace.accept(socket, PATIENCE)) {
                serve.accept(line);
            } catch (HandOverException e) {
                LOG.warn("The sessions are not handed over: {}", e.getMessage());
            } catch (LinuxException e) {
                if (!closed) {
                    LOG.warn("No successor is waited for any more: {}", e.getMessage());
                }
                return;
            } catch (RuntimeException e) {
                LOG.error("The sessions are not handed over", e);
            }
        }
    }

    /** Nobody finds this server any more; who is being served is served to the end. */
    void leave() {
        if (!closed) {
            closed = true;
            place.leave();
            socket.interrupt();
        }
    }

    @Override
    public void close() {
        leave();
        if (!thread.equals(Thread.currentThread())) {
            ThreadEnd.await(thread);
            socket.close();
        }
    }
}
