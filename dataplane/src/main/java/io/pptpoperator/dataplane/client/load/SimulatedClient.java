package io.pptpoperator.dataplane.client.load;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.client.ClientAction;
import io.pptpoperator.dataplane.client.ClientSettings;
import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.DialObserver;
import io.pptpoperator.dataplane.client.Dialer;
import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.dataplane.client.gre.GreCall;
import io.pptpoperator.dataplane.client.gre.GreEndpoint;
import io.pptpoperator.dataplane.datapath.DialedTunnel;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One client: free, logging in, connected, leaving, and free again. For the event loop; times are nanoseconds. */
final class SimulatedClient implements DialObserver {

    /** What the client is doing. */
    enum State {
        FREE, LOGGING_IN, CONNECTED, LEAVING
    }

    /** What all clients of a run share. */
    record Shared(LoadPlan plan, EventLoop loop, GreEndpoint endpoint, SecureRandom random, SplittableRandom dice,
            LoadStats stats) {}

    private static final long QUIET_END = 500_000_000;

    private final Shared shared;
    private final Destination destination;
    private final ClientSettings settings;
    private final Consumer<SimulatedClient> freed;
    private State state = State.FREE;
    private long freeSince;
    private long dueAt;
    private long stepAt;
    private long leaveAt = Long.MAX_VALUE;
    private long sendAt = Long.MAX_VALUE;
    /** From when on nothing is sent, so that answers find the session still there. */
    private long quietAt = Long.MAX_VALUE;
    private int sequence;
    private Dialer dialer;
    private GreCall call;
    private AddressPlan addresses;

    /**
     * A client that is free.
     *
     * @param freed told when it is free again
     */
    SimulatedClient(Shared shared, Destination destination, ClientSettings settings, Consumer<SimulatedClient> freed) {
        this.shared = shared;
        this.destination = destination;
        this.settings = settings;
        this.freed = freed;
    }

    State state() {
        return state;
    }

    /** Since when it could log in again. */
    long freeSince() {
        return freeSince;
    }

    /** Begins a login that was due at {@code due}. */
    void login(long due) {
        state = State.LOGGING_IN;
        dueAt = due;
        stepAt = due;
        shared.stats().started();
        dialer = Dialer.start(shared.loop(), destination, settings, this::dial, shared.random(), this);
    }

    private Optional<DialedTunnel> dial(TunnelSpec spec, TunnelListener listener) {
        Optional<GreCall> dialed = shared.endpoint().dial(spec, listener, this::ipArrived);
        dialed.ifPresent(one -> call = one);
        return dialed.map(tunnel -> tunnel);
    }

    /** Sends what is due, and leaves if it is time to. */
    void tick(long now) {
        if (state != State.CONNECTED) {
            return;
        }
        if (now >= leaveAt) {
            leave();
            return;
        }
        while (now >= sendAt && now < quietAt) {
            send(now);
            sendAt += shared.plan().traffic().orElseThrow().interval();
        }
    }

    private void send(long now) {
        TrafficPlan traffic = shared.plan().traffic().orElseThrow();
        Ipv4Address target = traffic.target().orElse(addresses.peerAddress());
        byte[] packet = traffic.udpPort().isPresent()
                ? TrafficPacket.datagram(addresses.ourAddress(), call.callId(), target, traffic.udpPort().getAsInt(),
                        traffic.size(), now)
                : TrafficPacket.ping(addresses.ourAddress(), target, call.callId(), sequence++, traffic.size(), now);
        if (call.sendIp(packet)) {
            shared.stats().sent();
        }
    }

    private void ipArrived(ByteBuffer packet, int offset, int length) {
        TrafficPacket.leftAt(packet, offset, length, call.callId())
                .ifPresent(left -> shared.stats().answered(System.nanoTime() - left));
    }

    /** Sends nothing more. */
    void fallSilent() {
        quietAt = 0;
    }

    /** Ends the session, as the plan says in order or without a word. */
    void leave() {
        state = State.LEAVING;
        shared.stats().disconnected();
        if (shared.dice().nextDouble() < shared.plan().abandon()) {
            dialer.abandon();
        } else {
            dialer.hangUp("User request");
        }
    }

    /** Gives up, whatever it is doing: the run is over. */
    void abandon() {
        if (dialer != null) {
            if (state == State.CONNECTED) {
                shared.stats().disconnected();
            }
            state = State.LEAVING;
            dialer.abandon();
        }
    }

    @Override
    public void connected(Ipv4Address local) {
        done(LoginStep.TCP);
    }

    @Override
    public void observed(ClientAction action) {
        switch (action) {
            case ClientAction.Started started -> done(LoginStep.CONTROL);
            case ClientAction.CallUp up -> done(LoginStep.CALL);
            case ClientAction.Link(LinkAction.LcpOpened opened) -> done(LoginStep.LCP);
            case ClientAction.Link(LinkAction.Authenticated login) -> done(LoginStep.AUTHENTICATION);
            case ClientAction.Link(LinkAction.MppeUp up) -> done(LoginStep.ENCRYPTION);
            case ClientAction.Link(LinkAction.NetworkUp up) -> up(up.addresses());
            case ClientAction.Ended(SessionEnd end) -> ended(end);
            default -> {
            }
        }
    }

    private void done(LoginStep step) {
        if (state == State.LOGGING_IN) {
            long now = System.nanoTime();
            shared.stats().stepDone(step, now - stepAt);
            stepAt = now;
        }
    }

    private void up(AddressPlan plan) {
        addresses = plan;
        if (state != State.LOGGING_IN) {
            return;
        }
        done(LoginStep.ADDRESSES);
        long now = System.nanoTime();
        state = State.CONNECTED;
        shared.stats().connected(now - dueAt, now);
        Optional<Long> stay = shared.plan().stay().map(this::blurred);
        leaveAt = stay.map(time -> now + time).orElse(Long.MAX_VALUE);
        quietAt = stay.map(time -> now + time - Math.min(time / 2, QUIET_END)).orElse(Long.MAX_VALUE);
        // Clients that log in together must not send together for ever.
        sendAt = shared.plan()
                .traffic()
                .map(traffic -> now + shared.dice().nextLong(traffic.interval() + 1))
                .orElse(Long.MAX_VALUE);
    }

    /** Between half of a time and one and a half of it. */
    private long blurred(long time) {
        return time / 2 + shared.dice().nextLong(time + 1);
    }

    private void ended(SessionEnd end) {
        switch (state) {
            case LOGGING_IN -> shared.stats().failed(end);
            case CONNECTED -> {
                shared.stats().disconnected();
                shared.stats().dropped(end);
            }
            case FREE, LEAVING -> {
            }
        }
        state = State.FREE;
        dialer = null;
        freeSince = System.nanoTime() + blurred(shared.plan().think());
        freed.accept(this);
    }
}
