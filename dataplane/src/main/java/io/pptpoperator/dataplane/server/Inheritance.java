package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.handover.HandOverException;
import io.pptpoperator.dataplane.handover.HandOverLine;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.session.LoginMemory;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running server hands over to this one, its successor. While this one takes stock, the other stands still; until
 * {@link #takeOn} has come back it can go on as if nothing had been, and does if this one ends.
 */
final class Inheritance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inheritance.class);
    /** Longer than the predecessor takes to let those finish who are logging in. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A client, and its TCP connection. */
    record Client(HandOverMessage.Client client, int descriptor) {}

    private final HandOverLine line;
    private final HandOverMessage.Shape shape;
    private final int workers;
    private final List<Client> clients = new ArrayList<>();
    private final List<LoginView> logins = new ArrayList<>();
    private final List<LoginMemory> memory = new ArrayList<>();
    private HandOverMessage.Server server;
    private List<Integer> descriptors = List.of();
    private long since;

    private Inheritance(HandOverLine line, HandOverMessage.Shape shape) {
        this.line = line;
        this.shape = shape;
        workers = shape.workers();
    }

    /**
     * Finds the running server, which goes on until {@link #ask}.
     *
     * @return empty when nothing is to be taken over, or no server of a release that hands over runs
     * @throws StartupException when it is another user's
     */
    static Optional<Inheritance> find(Succession succession, SocketTransport transport, ServerConfig config) {
        if (!succession.takesOver()) {
            return Optional.empty();
        }
        try {
            Optional<HandOverLine> line = transport.obstacle().isPresent()
                    ? Optional.empty()
                    : succession.place(config).connect(PATIENCE);
            if (line.isEmpty()) {
                LOG.info("No sessions to take over: {}", transport.obstacle()
                        .orElse("no server that hands over runs with " + config.network().tun() + " here"));
            }
            return line.map(found -> new Inheritance(found, Succession.shape(config)));
        } catch (HandOverException e) {
            throw new StartupException("the running server's sessions are not taken over: " + e.getMessage());
        }
    }

    /**
     * Asks the running server for everything.
     *
     * @throws HandOverException when it does not hand over, or not what this one can take
     */
    void ask() {
        line.say(new HandOverMessage.Wanted(HandOverMessage.FORMAT, MonotonicClock.millis(), shape));
        HandOverLine.Heard<HandOverMessage.Server> heard = line.hear(HandOverMessage.Server.class);
        since = MonotonicClock.millis();
        server = heard.message();
        descriptors = heard.descriptors();
        if (descriptors.size() != 1 + 2 * workers) {
            throw new HandOverException(descriptors.size() + " descriptors came instead of " + (1 + 2 * workers));
        }
        while (true) {
            HandOverLine.Heard<HandOverMessage> next = line.hearAnything();
            switch (next.message()) {
                case HandOverMessage.Client client when next.descriptors().size() == 1 ->
                    clients.add(new Client(client, next.descriptors().getFirst()));
                case HandOverMessage.LastLogins some ->
                    some.logins().forEach(login -> logins.add(HandOverBooks.view(login)));
                case HandOverMessage.Memory some -> memory.add(some.logins());
                case HandOverMessage.Complete complete when clients.size() == server.connections() -> {
                    return;
                }
                default ->
                    throw new HandOverException("the running server says " + next.message().getClass().getSimpleName()
                            + " after " + clients.size() + " of " + server.connections() + " clients");
            }
        }
    }

    /** The running server's process. */
    int process() {
        return line.process();
    }

    /** The TUN device. */
    TunDevice tun(String name) {
        return TunDevice.adopt(name, descriptors.subList(1 + workers, descriptors.size()), server.vnetHeader(),
                TunDevice.Offload.valueOf(server.offload()));
    }

    /** The GRE sockets, by worker. */
    List<RawGreSocket> greSockets() {
        return descriptors.subList(1, 1 + workers).stream().map(RawGreSocket::adopt).toList();
    }

    /** The listening socket. */
    int listener() {
        return descriptors.getFirst();
    }

    /** The clients, oldest first. */
    List<Client> clients() {
        return clients;
    }

    /** What was counted. */
    Map<String, Long> counters() {
        return server.counters();
    }

    /** How the users' last logins went. */
    List<LoginView> logins() {
        return logins;
    }

    /** What is remembered of logins, in parts. */
    List<LoginMemory> memory() {
        return memory;
    }

    /** The addresses that the clients have. */
    List<Ipv4Address> addresses() {
        return clients.stream().map(it -> it.client().session().login().address()).toList();
    }

    /** The networks behind them, one for each session that has it. */
    List<Ipv4Prefix> routes() {
        return clients.stream().flatMap(it -> it.client().session().routes().stream()).toList();
    }

    /** How long the running server has stood still, in milliseconds. */
    long stillness() {
        return MonotonicClock.millis() - since;
    }

    /**
     * Everything has found its place: from its return on all is this server's, and only this one sends.
     *
     * @throws HandOverException when the other server has not agreed, and goes on
     */
    void takeOn() {
        line.say(new HandOverMessage.Ready());
        line.hear(HandOverMessage.Committed.class);
    }

    /** This server cannot take over after all. */
    void refuse(Exception why) {
        try {
            line.say(new HandOverMessage.Refused(String.valueOf(why.getMessage())));
        } catch (HandOverException gone) {
            why.addSuppressed(gone);
        } finally {
            line.close();
        }
    }

    /** Waits until the other server has let go of the ports that were not handed over. */
    void awaitEnd() {
        line.awaitEnd();
    }

    @Override
    public void close() {
        line.close();
    }
}
