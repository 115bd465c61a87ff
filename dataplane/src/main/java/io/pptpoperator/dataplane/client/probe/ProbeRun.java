package io.pptpoperator.dataplane.client.probe;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.client.ClientAction;
import io.pptpoperator.dataplane.client.ClientSettings;
import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.DialObserver;
import io.pptpoperator.dataplane.client.Dialer;
import io.pptpoperator.dataplane.client.Trace;
import io.pptpoperator.dataplane.client.gre.GreCall;
import io.pptpoperator.dataplane.client.gre.GreEndpoint;
import io.pptpoperator.dataplane.datapath.DialedTunnel;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One probe: dials, notes what happens, measures what can be measured, hangs up. It lives on one event loop. */
final class ProbeRun implements DialObserver {
    private static final int CONNECT_TIMEOUT = 10_000;
    private static final long GRE_WATCH_INTERVAL = 20;
    private static final int ETHERNET_MTU = 1500;

    private final ProbeAim aim;
    private final ClientSettings settings;
    private final EventLoop loop;
    private final GreEndpoint endpoint;
    private final Consumer<Facts> progress;
    private final Optional<Consumer<String>> trace;
    private final CompletableFuture<Facts> finished = new CompletableFuture<>();
    private final long startedAt = System.nanoTime();
    private Facts facts = Facts.NONE;
    private Ipv4Address server;
    private Dialer dialer;
    private GreCall call;
    private ScheduledFuture<?> greWatch;
    private Measurements measurements;
    private int magic;
    private int peerMru = ClientSettings.USUAL_MRU;

    /**
     * Nothing is sent before {@link #start}.
     *
     * @param progress told of all facts after every new one
     * @param trace takes decoded packets, if wanted
     */
    ProbeRun(ProbeAim aim, ClientSettings settings, EventLoop loop, GreEndpoint endpoint, Consumer<Facts> progress,
            Optional<Consumer<String>> trace) {
        this.aim = aim;
        this.settings = settings;
        this.loop = loop;
        this.endpoint = endpoint;
        this.progress = progress;
        this.trace = trace;
    }

    /** Begins; the result is all that was seen. */
    CompletableFuture<Facts> start() {
        loop.execute(this::resolve);
        return finished;
    }

    private void resolve() {
        try {
            server = Destination.resolve(aim.server());
        } catch (UnknownHostException e) {
            note(new Fact.NotResolved(e.getMessage()));
            finished.complete(facts);
            return;
        }
        note(new Fact.Resolved(server));
        Destination destination = new Destination(server, aim.port(), Optional.empty(), CONNECT_TIMEOUT, false);
        dialer = Dialer.start(loop, destination, settings, this::dial, new SecureRandom(), this);
    }

    private Optional<DialedTunnel> dial(TunnelSpec spec, TunnelListener listener) {
        Optional<GreCall> dialed = endpoint.dial(spec, listener, this::ipArrived);
        dialed.ifPresent(one -> call = one);
        return dialed.map(tunnel -> tunnel);
    }

    private void note(Fact fact) {
        facts = facts.and((System.nanoTime() - startedAt) / 1_000_000, fact);
        progress.accept(facts);
    }

    private void noteOnce(Fact fact) {
        if (!facts.has(fact.getClass())) {
            note(fact);
        }
    }

    @Override
    public void connected(Ipv4Address local) {
        note(new Fact.TcpConnected());
        greWatch = loop.scheduleWithFixedDelay(this::watchGre, GRE_WATCH_INTERVAL, GRE_WATCH_INTERVAL,
                TimeUnit.MILLISECONDS);
    }

    private void watchGre() {
        if (call == null) {
            return;
        }
        if (call.packetsReceived() > 0) {
            noteOnce(new Fact.GreArrived());
        }
        if (call.acksReceived() > 0) {
            noteOnce(new Fact.GreAnswered());
        }
        if (endpoint.lastError() != 0) {
            noteOnce(new Fact.GreRefused(endpoint.lastError()));
        }
    }

    @Override
    public void unreachable(Throwable cause) {
        Fact.TcpFailed.Trouble trouble = switch (cause) {
            // Netty's own time limit, which is a ConnectException as well, and the kernel's.
            case ConnectTimeoutException late -> Fact.TcpFailed.Trouble.TIMED_OUT;
            case SocketTimeoutException late -> Fact.TcpFailed.Trouble.TIMED_OUT;
            case NoRouteToHostException none -> Fact.TcpFailed.Trouble.NO_ROUTE;
            case ConnectException refused when String.valueOf(refused.getMessage()).contains("refused") ->
                Fact.TcpFailed.Trouble.REFUSED;
            case ConnectException unreachable when String.valueOf(unreachable.getMessage()).contains("unreachable") ->
                Fact.TcpFailed.Trouble.NO_ROUTE;
            case ConnectException late when String.valueOf(late.getMessage()).contains("timed out") ->
                Fact.TcpFailed.Trouble.TIMED_OUT;
            default -> Fact.TcpFailed.Trouble.OTHER;
        };
        note(new Fact.TcpFailed(trouble, String.valueOf(cause.getMessage())));
    }

    @Override
    public void received(ControlFrame frame) {
        trace.ifPresent(lines -> lines.accept(Trace.received(frame)));
    }

    @Override
    public void received(byte[] pppFrame) {
        trace.ifPresent(lines -> lines.accept(Trace.received(pppFrame)));
        watchGre();
        for (Fact fact : LcpWatch.facts(pppFrame)) {
            if (fact instanceof Fact.Demanded) {
                note(fact);
            } else {
                noteOnce(fact);
            }
        }
        if (measurements != null) {
            measurements.frameArrived(pppFrame);
        }
    }

    private void ipArrived(ByteBuffer packet, int offset, int length) {
        if (measurements != null) {
            measurements.ipArrived(packet, offset, length);
        }
    }

    @Override
    public void observed(ClientAction action) {
        trace.ifPresent(lines -> Trace.sent(action).ifPresent(lines));
        switch (action) {
            case ClientAction.Started(var reply) ->
                note(new Fact.ControlStarted(reply.hostName().toString(), reply.vendorName().toString()));
            case ClientAction.CallUp up -> note(new Fact.CallUp());
            case ClientAction.Link(LinkAction link) -> observed(link);
            case ClientAction.Ended(var end) -> {
                watchGre();
                note(new Fact.Ended(end));
                if (greWatch != null) {
                    greWatch.cancel(false);
                }
                if (measurements != null) {
                    measurements.stop();
                }
                finished.complete(facts);
            }
            case ClientAction.Control control -> {
            }
            case ClientAction.Note text -> {
            }
        }
    }

    private void observed(LinkAction action) {
        switch (action) {
            case LinkAction.Send(byte[] frame) -> LcpWatch.magic(frame).ifPresent(number -> magic = number);
            case LinkAction.LcpOpened opened -> {
                peerMru = opened.peerMru();
                noteOnce(new Fact.GreAnswered());
                noteOnce(new Fact.LcpOpened(peerMru));
                if (!aim.withLogin()) {
                    hangUp();
                }
            }
            case LinkAction.Authenticated login -> noteOnce(new Fact.LoggedIn(login.method()));
            case LinkAction.MppeUp up -> noteOnce(new Fact.Encrypted(up.send()));
            case LinkAction.NetworkUp up -> {
                noteOnce(new Fact.Addressed(up.addresses()));
                if (measurements == null) {
                    measurements = new Measurements(loop, endpoint, call, up.addresses(), magic, peerMru, uplinkMtu(),
                            this::found);
                    measurements.start();
                }
            }
            default -> {
            }
        }
    }

    private void found(Fact fact) {
        if (fact instanceof Fact.Done) {
            hangUp();
        } else {
            note(fact);
        }
    }

    private void hangUp() {
        note(new Fact.Done());
        dialer.hangUp("User request");
    }

    private int uplinkMtu() {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            return rtnetlink.routeTo(server)
                    .stream()
                    .flatMapToInt(route -> rtnetlink.links()
                            .stream()
                            .filter(link -> link.index() == route.linkIndex())
                            .mapToInt(Link::mtu))
                    .findFirst()
                    .orElse(ETHERNET_MTU);
        }
    }
}
