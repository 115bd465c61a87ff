package io.pptpoperator.dataplane.server;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.admin.AdminControl;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SendingView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.ConfigDigests;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.datapath.SendingPath;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.radius.Radius;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.dataplane.session.Sessions;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.rate.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the administration port may do: every question is answered on the control loop, where the sessions live. */
final class ServerAdmin implements AdminControl {
    private static final String ENDED_BY_ADMIN = "ended through the administration port";

    private final EventLoop controlLoop;
    private final Sessions sessions;
    private final Datapath datapath;
    private final ServerEvents events;
    private final Supplier<ConfigDigests> digests;
    /** By user's name: what this host cannot give it. */
    private final Function<String, List<String>> skipped;
    private final Supplier<List<String>> defects;
    private final Supplier<List<String>> problems;
    private final Runnable drain;
    private final Radius radius;

    ServerAdmin(EventLoop controlLoop, Sessions sessions, Datapath datapath, ServerEvents events, Radius radius,
            Supplier<ConfigDigests> digests, Function<String, List<String>> skipped, Supplier<List<String>> defects,
            Supplier<List<String>> problems, Runnable drain) {
        this.controlLoop = controlLoop;
        this.sessions = sessions;
        this.datapath = datapath;
        this.events = events;
        this.radius = radius;
        this.digests = digests;
        this.skipped = skipped;
        this.defects = defects;
        this.problems = problems;
        this.drain = drain;
    }

    @Override
    public List<String> defects() {
        return defects.get();
    }

    @Override
    public List<String> readiness() {
        return problems.get();
    }

    @Override
    public ConfigDigests configDigests() {
        return digests.get();
    }

    @Override
    public List<SessionView> sessions() {
        return ask(() -> sessions.all().stream().filter(Session::isConnected).map(this::view).toList());
    }

    private SessionView view(Session session) {
        List<String> leftOut = new ArrayList<>(skipped.apply(session.username().orElseThrow()));
        leftOut.addAll(session.leftOut());
        TrafficCounters traffic = session.traffic();
        long idleSince = Math.max(traffic.lastData(), session.connectedAt());
        return new SessionView(session.id(), session.username().orElseThrow(), session.peer(),
                session.address().orElseThrow(), session.method().map(AuthMethod::label).orElseThrow(),
                session.encryption().map(Object::toString).orElse("none"), session.since(), traffic.bytesIn(),
                traffic.bytesOut(), traffic.packetsIn(), traffic.packetsOut(),
                (MonotonicClock.millis() - idleSince) / 1000, session.computer(), maxSessions(session),
                session.terms().limits().rate().map(RateLimit::text).orElse(null), leftOut);
    }

    private static Integer maxSessions(Session session) {
        OptionalInt granted = session.terms().limits().sessions();
        return granted.isPresent() ? granted.getAsInt() : null;
    }

    @Override
    public boolean endSession(String id) {
        return ask(() -> sessions.end(id, ENDED_BY_ADMIN, MonotonicClock.millis()));
    }

    @Override
    public int endUser(String user) {
        return ask(() -> sessions.endUser(user, ENDED_BY_ADMIN, MonotonicClock.millis()));
    }

    @Override
    public void drain() {
        drain.run();
    }

    @Override
    public List<LoginView> logins() {
        return ask(() -> events.logins().all());
    }

    @Override
    public SendingView sending() {
        var sent = new TreeMap<String, Long>();
        for (SendingPath path : SendingPath.values()) {
            sent.put(path.label(), datapath.sent(path));
        }
        return new SendingView(sent,
                datapath.packetSocketObstacles()
                        .stream()
                        .map(it -> new SendingView.Obstacle(it.reason().label(), it.what()))
                        .toList(),
                datapath.xdpSocketObstacles()
                        .stream()
                        .map(it -> new SendingView.Obstacle(it.reason().label(), it.what()))
                        .toList());
    }

    @Override
    public RadiusView radius() {
        return ask(() -> new RadiusView(radius.servers()
                .stream()
                .map(it -> new RadiusView.Server(it.name(), it.reachable().orElse(null), it.reason(), it.message(),
                        it.since(), it.millis()))
                .toList(), radius.accountingWaiting(), radius.accountingLost()));
    }

    @Override
    public void setDebug(Ipv4Address peer, boolean on) {
        events.trace(peer, on);
    }

    private <T> T ask(Callable<T> question) {
        try {
            return controlLoop.submit(question).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the control loop", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the control loop could not answer", e.getCause());
        }
    }
}
