package io.pptpoperator.dataplane.server;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pptpoperator.dataplane.admin.AdminServer;
import io.pptpoperator.dataplane.admin.ProbeServer;
import io.pptpoperator.dataplane.admin.TlsFileException;
import io.pptpoperator.dataplane.admin.metrics.ServerMetrics;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.dataplane.config.ConfigException;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.LiveChange;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.handover.HandOverException;
import io.pptpoperator.dataplane.handover.HandOverLine;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.log.Logging;
import io.pptpoperator.dataplane.network.HostNetworks;
import io.pptpoperator.dataplane.network.NetworkPlan;
import io.pptpoperator.dataplane.network.NetworkWatch;
import io.pptpoperator.dataplane.network.ServerNetwork;
import io.pptpoperator.dataplane.network.StartupChecks;
import io.pptpoperator.dataplane.radius.GrantedTerms;
import io.pptpoperator.dataplane.radius.Radius;
import io.pptpoperator.dataplane.session.Sessions;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server, the PAC of all its sessions: one TUN device, the datapath's workers, and one control loop on which
 * every control connection, PPP link and session lives.
 */
public final class PacServer {
    private static final Logger LOG = LoggerFactory.getLogger(PacServer.class);
    private static final long SWEEP_MILLIS = 250;
    /** What name servers are waited for at most. */
    private static final Duration LOOKUP = Duration.ofSeconds(5);
    /** What this server is called among its like. */
    private static final String MEMBER = Objects.requireNonNullElseGet(System.getenv("PPTP_MEMBER"), HostName::get);
    /** What an orderly end takes at most: a session's termination, then the wait for Stop-Control-Connection-Reply. */
    private static final Duration END_OF_SESSIONS = Duration.ofSeconds(6);

    private final SocketTransport transport = SocketTransport.best();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("control"),
            transport.handlers());
    private final EventLoop controlLoop = group.next();
    /** Complete when {@link #start} has come back, however it did. */
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    /** Complete when the server no longer works. */
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    /** Complete when everything is taken down. */
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    /** What was started, to be closed in the opposite order. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    /** The same, of what a successor needs first. */
    private final Deque<AutoCloseable> ports = new ArrayDeque<>();
    /** Held by whoever ends the server, or hands it over. */
    private final Object life = new Object();

    private final LongAdder controlMessagesDropped = new LongAdder();
    private final Optional<InetSocketAddress> probes;
    private final Optional<Succession> succession;
    private volatile Configuration configuration;
    private final SecureRandom random = new SecureRandom();
    private HostFit fit;
    private TunDevice tun;
    private ServerNetwork network;
    private NetworkChanges networkChanges;
    private final RadiusLines radiusLines = new RadiusLines();
    private ServerEvents events;
    private Radius radius;
    private Datapath datapath;
    private Sessions sessions;
    private ControlListener listener;
    private ServerMetrics metrics;
    private ServerHealth health;
    private Optional<HandOverDesk> desk = Optional.empty();

    /** A server that is yet to be started. */
    public PacServer(Configuration configuration) {
        this(configuration, Optional.empty(), Optional.empty());
    }

    /**
     * A server that is yet to be started.
     *
     * @param probes where probes are answered apart from the administration port
     * @param succession how it comes after another server and before the next; empty if it does not
     */
    public PacServer(Configuration configuration, Optional<InetSocketAddress> probes, Optional<Succession> succession) {
        this.configuration = configuration;
        this.probes = probes;
        this.succession = succession;
    }

    /**
     * Starts it, once. {@link #drainAndClose} may come from another thread at any time and waits for the start to end.
     *
     * @throws StartupException when something that it needs is missing, with a line for each reason
     * @throws io.pptpoperator.dataplane.linux.LinuxException when the kernel refuses, saying what to do
     */
    public void start() {
        try {
            startParts();
        } catch (RuntimeException e) {
            closeParts();
            draining.set(true); // there is nothing left to end
            ended.complete(null);
            throw e;
        } finally {
            started.complete(null);
        }
    }

    private void startParts() {
        ServerConfig config = configuration.server();
        Logging.apply(config.log());
        parts.push(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                .awaitUninterruptibly(END_OF_SESSIONS.toMillis()));
        fit = new HostFit(HostNetworks.read(config.network().tun()));
        configuration = fit.fit(configuration);
        Optional<Inheritance> inheritance = succession.flatMap(it -> Inheritance.find(it, transport, config));
        try {
            check(NetworkPlans.of(configuration, List.of()), inheritance.isPresent());
            inheritance.ifPresent(Inheritance::ask);
            openTunnels(config, inheritance);
            openDoors(config, inheritance);
        } catch (RuntimeException e) {
            inheritance.ifPresent(it -> it.refuse(e));
            throw e instanceof HandOverException
                    ? new StartupException("the running server's sessions are not taken over: " + e.getMessage())
                    : e;
        }
        NetworkWatch watch = part(NetworkWatch.start(network,
                healing -> healing.repaired().forEach(repaired -> metrics.networkHealed())));
        health = new ServerHealth(datapath, watch, listener, () -> configuration.server().listen().port(),
                draining::get);
        inheritance.ifPresent(it -> {
            it.awaitEnd();
            askRadius(configuration.radius());
        });
        startAdmin(config.admin());
        waitForSuccessor(config);
        controlLoop.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        LOG.atInfo()
                .addKeyValue("address", config.listen().address())
                .addKeyValue("port", config.listen().port())
                .addKeyValue("tun", config.network().tun())
                .addKeyValue("linkMtu", linkMtu(config))
                .addKeyValue("users", configuration.users().size())
                .log("Serving PPTP");
    }

    /** Waits a moment for the servers' names to be looked up: whoever dials meanwhile could not be let in. */
    private void askRadius(RadiusConfig config) {
        try {
            metrics.radius().servers(config.servers().stream().map(RadiusConfig.Server::name).toList());
            await(radius.configure(config, MEMBER), LOOKUP);
        } catch (IOException e) {
            LOG.error("users.radius.yaml: {}; what it said before stays in force", e.getMessage());
        }
    }

    private static void check(NetworkPlan plan, boolean takesOver) {
        StartupChecks.Findings findings = StartupChecks.run(plan, takesOver);
        findings.warnings().forEach(LOG::warn);
        if (!findings.failures().isEmpty()) {
            throw new StartupException(String.join("\n", findings.failures()));
        }
    }

    private void openTunnels(ServerConfig config, Optional<Inheritance> inheritance) {
        String name = config.network().tun();
        NetworkPlan plan = NetworkPlans.of(configuration, inheritance.map(Inheritance::addresses).orElse(List.of()));
        tun = part(inheritance.map(it -> it.tun(name))
                .orElseGet(() -> TunDevice.open(name, DatapathSettings.workers(config.datapath()),
                        DatapathSettings.offload(config.datapath()))));
        network = part(inheritance.map(it -> ServerNetwork.takeOver(plan, it.routes()))
                .orElseGet(() -> ServerNetwork.setUp(plan)));
        networkChanges = part(NetworkChanges.start(network, configuration));
        events = new ServerEvents(InstantSource.system(), networkChanges);
        datapath = part(new Datapath(tun, inheritance.map(Inheritance::greSockets).orElse(List.of()),
                DatapathSettings.policy(config), DatapathSettings.options(config.datapath()), controlLoop, random,
                this::fail));
    }

    private void openDoors(ServerConfig config, Optional<Inheritance> inheritance) {
        network.onLocalAddresses(datapath::localAddresses);
        events.traceAlways(config.log().debugPeers());
        radius = part(new Radius(controlLoop, new GrantedTerms(fit::overlap, () -> sessions.profiles()), radiusLines,
                InstantSource.system(), MonotonicClock::millis, random));
        sessions = new Sessions(configuration, linkMtu(config), datapath, events, InstantSource.system(),
                MonotonicClock::millis, random, radius::authority);
        radius.serve(sessions);
        events.radius(radius);
        if (inheritance.isPresent()) {
            takeOver(inheritance.get());
        } else {
            datapath.start();
            openBooks();
            askRadius(configuration.radius());
            if (isAloneAtItsAddress(config.listen())) {
                controlLoop.execute(radius::begun);
            }
            listener = ControlListener.bind(config.listen(), transport, controlLoop, sessions, controlMessagesDropped);
            parts.push(listener::close);
        }
    }

    private void openBooks() {
        metrics = part(new ServerMetrics(configuration.server().name(),
                ServerMetricSources.of(sessions, datapath, events, controlMessagesDropped)));
        metrics.radius().accounting(radius::accountingWaiting, radius::accountingLost);
        radiusLines.metrics(metrics.radius());
        events.metrics(metrics, sessions::leasedAddresses);
    }

    /** When it returns, everything is this server's; when it throws, all is still the other one's, and goes on there. */
    private void takeOver(Inheritance inheritance) {
        HandOverBooks.goOn(inheritance.counters(), datapath, events, controlMessagesDropped);
        listener = ControlListener.takeOver(inheritance.listener(), controlLoop, sessions, controlMessagesDropped);
        parts.push(listener::close);
        controlLoop.submit(() -> {
            networkChanges.configured(configuration, inheritance.addresses());
            events.logins().goOn(inheritance.logins());
            inheritance.memory().forEach(sessions::remember);
            radius.takesOver(configuration.radius().accounting().enabled());
            List<PeerHandler> clients = new ArrayList<>();
            inheritance.clients().forEach(it -> clients.add(listener.takeOver(it.descriptor(), it.client())));
            sessions.goOn(MonotonicClock.millis());
            inheritance.takeOn();
            network.own();
            datapath.start();
            long still = inheritance.stillness();
            openBooks(); // which takes longer than all before: packets flow meanwhile
            metrics.goOn(inheritance.counters());
            clients.forEach(PeerHandler::goOn);
            listener.accept(true);
            LOG.atInfo()
                    .addKeyValue("sessions", clients.size())
                    .addKeyValue("process", inheritance.process())
                    .addKeyValue("stoodStillMillis", still)
                    .log("Sessions taken over");
        }).syncUninterruptibly();
    }

    private void waitForSuccessor(ServerConfig config) {
        Predecessor predecessor = new Predecessor(controlLoop, tun, network, datapath, listener, sessions, events,
                metrics, radius, controlMessagesDropped);
        desk = succession.flatMap(it -> HandOverDesk.open(it, transport, config, line -> handOver(predecessor, line)));
        desk.ifPresent(parts::push);
    }

    /** On the desk's thread. */
    private void handOver(Predecessor predecessor, HandOverLine line) {
        HandOverMessage.Wanted wanted = line.hear(HandOverMessage.Wanted.class).message();
        synchronized (life) {
            Optional<String> objection = draining.get()
                    ? Optional.of("it is going down")
                    : Predecessor.objection(wanted, configuration.server());
            if (objection.isPresent()) {
                line.say(new HandOverMessage.Refused(objection.get()));
                throw new HandOverException(objection.get());
            }
            int handedOver = predecessor.handOver(line);
            draining.set(true);
            LOG.atInfo()
                    .addKeyValue("sessions", handedOver)
                    .addKeyValue("process", line.process())
                    .log("Sessions handed over");
        }
        desk.ifPresent(HandOverDesk::leave);
        close(ports);
        line.close();
        if (done(sessions::drain)) {
            end(false);
        }
        closeParts();
        LOG.info("Stopped");
        Logging.flush();
        ended.complete(null);
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    /** The largest IP packet that every tunnel can carry, unless its client's MRU is smaller. */
    private int linkMtu(ServerConfig config) {
        return config.network().mtu().orElseGet(network::mtu);
    }

    private void startAdmin(ServerConfig.Admin config) {
        ServerAdmin control = new ServerAdmin(controlLoop, sessions, datapath, events, radius,
                () -> configuration.digests(), fit::skipped, health::defects, health::problems,
                this::drainInBackground);
        try {
            ports.push(AdminServer.start(config, control, metrics::scrape));
            if (probes.isPresent()) {
                ports.push(ProbeServer.start(probes.get(), control));
            }
        } catch (IOException | TlsFileException e) {
            throw new StartupException("admin: " + e.getMessage());
        }
    }

    private void sweep() {
        try {
            sessions.sweep(MonotonicClock.millis());
            events.sweep(MonotonicClock.millis());
        } catch (RuntimeException e) {
            LOG.error("The look for sessions whose time is over failed; it is repeated", e);
        }
        health.cameRound();
    }

    /** The addresses of this machine that clients can dial. */
    List<Ipv4Address> dialAddresses() {
        Ipv4Address bound = configuration.server().listen().address();
        return bound.equals(Ipv4Address.ANY)
                ? HostAddresses.list(configuration.server().network().localIP())
                : List.of(bound);
    }

    /** Applies a changed configuration as far as that is possible while running. */
    void reconfigure(Configuration wanted) {
        fit.look(network);
        LiveChange change = fit.free(LiveChange.between(configuration.server(), wanted.server()),
                configuration.server());
        change.refused().forEach(problem -> LOG.warn("server.yaml: {}", problem));
        metrics.configReloaded(
                change.refused().isEmpty() ? ServerMetrics.Reload.APPLIED : ServerMetrics.Reload.PARTLY_REFUSED);
        if (!wanted.radius().equals(configuration.radius())) {
            askRadius(wanted.radius());
        }
        Configuration applicable = fit.fit(wanted.with(change.config()));
        controlLoop.submit(() -> networkChanges.configured(applicable, sessions.leasedAddresses()))
                .syncUninterruptibly()
                .getNow()
                .join();
        int linkMtu = linkMtu(applicable.server());
        controlLoop.submit(() -> apply(applicable, linkMtu)).syncUninterruptibly();
        LOG.atInfo().addKeyValue("users", applicable.users().size()).log("Configuration applied");
    }

    private void apply(Configuration changed, int linkMtu) {
        ServerConfig config = changed.server();
        Logging.setLevel(config.log().level());
        events.traceAlways(config.log().debugPeers());
        datapath.policy(DatapathSettings.policy(config));
        sessions.configure(changed, linkMtu, MonotonicClock.millis());
        networkChanges.recheck(sessions.leasedAddresses());
        events.logins().retain(name -> sessions.isUser(name));
        // Last: whoever reads its digests takes the addresses that it lost for free.
        configuration = changed;
    }

    /** Notes that a changed file cannot be used: the server goes on with what that file said before. */
    void configurationRefused(ConfigException errors) {
        metrics.configReloaded(ServerMetrics.Reload.FAILED);
        errors.errors().forEach(error -> LOG.error("{}; what {} said before stays in force", error, error.file()));
    }

    /** Waits until the server has stopped; false when it did so because it broke. */
    boolean awaitStop() {
        CompletableFuture.anyOf(broken, ended).join();
        return !broken.isDone();
    }

    private void drainInBackground() {
        Thread.ofPlatform().name("drain").daemon().start(this::drainAndClose);
    }

    /**
     * Lets nobody in any more, waits until all sessions have ended by themselves or {@code drainTimeout} is over, ends
     * the rest in order, and takes down what was set up. Nobody is waited for once the server is broken: sessions that
     * get no packets through are better dialled anew.
     */
    public void drainAndClose() {
        started.join();
        boolean first;
        synchronized (life) {
            first = draining.compareAndSet(false, true);
        }
        if (first) {
            LOG.atInfo().addKeyValue("sessions", sessions.count()).log("Draining");
            if (done(sessions::drain)) {
                await(CompletableFuture.anyOf(sessions.drained(), broken), configuration.server().drainTimeout());
                end(isAloneAtItsAddress(configuration.server().listen()));
            }
            closeParts();
            LOG.info("Stopped");
            Logging.flush();
            ended.complete(null);
        }
        ended.join();
    }

    /** Waits a moment for RADIUS servers to take what is left to be told of sessions. */
    private void tellTheBooks(boolean alone) {
        var told = new CompletableFuture<Void>();
        if (done(() -> radius.over(alone).thenRun(() -> told.complete(null)))) {
            await(told, END_OF_SESSIONS);
        }
    }

    /**
     * Whether no other server can have sessions at this host's address: one that listens on all of them at the port that
     * clients know. Accounting-On and Accounting-Off end all sessions of an address in the books.
     */
    static boolean isAloneAtItsAddress(ServerConfig.Listen listen) {
        return listen.address().equals(Ipv4Address.ANY) && listen.port() == ControlListener.WELL_KNOWN_PORT;
    }

    /** @param alone whether no other server has sessions at its address */
    private void end(boolean alone) {
        if (done(() -> sessions.endAll(TerminationReason.SHUTDOWN, "the server is going down",
                MonotonicClock.millis()))) {
            await(sessions.drained(), END_OF_SESSIONS);
            tellTheBooks(alone);
        }
    }

    /** Whether the control loop, which may be stuck, has done this. */
    private boolean done(Runnable task) {
        return controlLoop.submit(task).awaitUninterruptibly(END_OF_SESSIONS.toMillis());
    }

    private static void await(CompletableFuture<?> event, Duration most) {
        try {
            event.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("Clients are still connected after {}", most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing fails this future", e);
        }
    }

    private void closeParts() {
        close(ports);
        close(parts);
    }

    private static void close(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of the server did not stop cleanly", e);
            }
        }
    }

    /** A thread that nothing works without has died: better no server than one that only looks alive. */
    private void fail(Thread thread, Throwable cause) {
        LOG.error("The thread {} has died; the server stops", thread.getName(), cause);
        broken.complete(null);
    }
}
