package io.pptpoperator.dataplane.radius;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.session.Authority;
import io.pptpoperator.dataplane.session.LocalUsers;
import io.pptpoperator.dataplane.session.LoginRequest;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.dataplane.session.Sessions;
import io.pptpoperator.dataplane.session.Verdict;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * RADIUS for one server: who decides about logins, who is told of sessions, and who may order something about them. All of
 * it follows its settings while sessions live. Of the control loop's thread, unless a method says otherwise.
 */
public final class Radius implements AutoCloseable {
    private final EventLoop loop;
    private final LongSupplier millis;
    private final InstantSource clock;
    private final GrantedTerms terms;
    private final RadiusEvents events;
    private final ServerStates states;
    private final RadiusServers servers;
    private final RadiusUsers users;
    private final RadiusAccounting accounting;
    private RadiusConfig config = RadiusConfig.NONE;
    private Optional<Sessions> sessions = Optional.empty();
    private Optional<Channel> ordersPort = Optional.empty();
    private boolean takenOverAreReported;

    /**
     * Asks nobody yet.
     *
     * @param terms what of a grant this host can give
     * @param clock tells the time of day
     * @param millis a clock that only goes forward
     */
    public Radius(EventLoop loop, GrantedTerms terms, RadiusEvents events, InstantSource clock, LongSupplier millis,
            SecureRandom random) {
        this.loop = loop;
        this.millis = millis;
        this.clock = clock;
        this.terms = terms;
        this.events = events;
        states = new ServerStates(clock);
        servers = new RadiusServers(loop, millis, random, new Both(states, events), states);
        users = new RadiusUsers(servers, servers::nas, terms, events, millis);
        accounting = new RadiusAccounting(servers, servers::nas, this::later, clock, random);
    }

    private Runnable later(long after, Runnable task) {
        var timer = loop.schedule(task, after, TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    /** Who decides about logins, as the settings say; {@code local} knows the users of {@code users.yaml}. */
    public Authority authority(LocalUsers local) {
        var both = new UsersThenRadius(local, users, this::later);
        return new Authority() {
            @Override
            public Authority called(String name) {
                return name.equals(users.name()) ? users : local;
            }

            @Override
            public void decide(LoginRequest request, Consumer<Verdict> verdict) {
                if (accounting.keepsLoginsOut()) {
                    events.undecided(request.peer(),
                            "no RADIUS server takes accounting, without which nobody is let in");
                    verdict.accept(new Verdict.Rejected(LoginFailure.RADIUS_UNREACHABLE));
                    return;
                }
                inForce().decide(request, verdict);
            }

            @Override
            public Optional<String> objection(String username, Ipv4Address source, Instant time) {
                return inForce().objection(username, source, time);
            }

            private Authority inForce() {
                return switch (config.source()) {
                    case RESOURCES -> local;
                    case RADIUS -> users;
                    case RESOURCES_THEN_RADIUS -> both;
                };
            }
        };
    }

    /** What servers order concerns these. */
    public void serve(Sessions all) {
        sessions = Optional.of(all);
    }

    /**
     * Changed settings. For any thread but the control loop's.
     *
     * @param member what this server is called among its like
     * @return complete when they are in force: the servers' names are looked up first
     * @throws IOException when a certificate or key cannot be used, in which case everything stays as it is
     */
    public CompletableFuture<Void> configure(RadiusConfig changed, String member) throws IOException {
        var done = new CompletableFuture<Void>();
        servers.configure(changed, member, () -> {
            boolean sameOrders = changed.dynamicAuthorization().equals(config.dynamicAuthorization())
                    && changed.nasIdentifier().equals(config.nasIdentifier()) && ordersPort.isPresent();
            config = changed;
            accounting.configure(changed.accounting());
            if (!sameOrders) {
                openOrdersPort(changed.dynamicAuthorization());
            }
            done.complete(null);
        });
        return done;
    }

    private void openOrdersPort(RadiusConfig.DynamicAuthorization settings) {
        ordersPort.ifPresent(Channel::close);
        ordersPort = Optional.empty();
        if (!settings.enabled() || settings.secret().isEmpty() || sessions.isEmpty()) {
            return;
        }
        var answers = new DynamicAuthorization(settings.clients(),
                new PacketAuthentication(settings.secret().get().value().getBytes(StandardCharsets.UTF_8)),
                servers::nas, new SessionChanges(sessions.get(), terms, accounting::changed, millis),
                () -> clock.instant().getEpochSecond(), events::ordered);
        DynamicAuthorizationPort.open(loop, new InetSocketAddress(settings.port()), answers, events::orderRefused,
                channel -> {
                    events.ordersPort(settings.port(), channel != null);
                    if (channel != null && config.dynamicAuthorization().equals(settings)) {
                        ordersPort = Optional.of(channel);
                    } else if (channel != null) {
                        channel.close();
                    }
                });
    }

    /** The server begins and has no session, nor has anybody else at its address. */
    public void begun() {
        accounting.begun();
    }

    /** A session is connected. */
    public void connected(Session session) {
        accounting.connected(session, session.authority().filter(users::equals).isPresent());
    }

    /** Whether sessions of another process, which are about to be taken over, were reported, and are to be here. */
    public void takesOver(boolean reported) {
        takenOverAreReported = reported;
    }

    /** A session of another process goes on here, which reported it if sessions are reported. */
    public void takenOver(Session session) {
        if (!takenOverAreReported) {
            return;
        }
        accounting.takenOver(session, session.authority().filter(users::equals).isPresent());
    }

    /** A session is another process' from now on, which reports it. */
    public void handedOver(Session session) {
        accounting.handedOver(session);
    }

    /** Another process has all sessions, and takes orders about them. */
    public void handedOver() {
        ordersPort.ifPresent(Channel::close);
        ordersPort = Optional.empty();
    }

    /** A session is over, connected or not. */
    public void ended(Session session) {
        accounting.ended(session);
    }

    /**
     * The server ends, and has no session left.
     *
     * @param alone whether nobody else has sessions at its address
     * @return complete when every record is taken
     */
    public CompletableFuture<Void> over(boolean alone) {
        if (alone) {
            accounting.over();
        }
        return accounting.flushed();
    }

    /** What is known of the servers, in the order of the settings. */
    public List<ServerState> servers() {
        return states.all();
    }

    /** How many records of accounting no server has taken yet. */
    public int accountingWaiting() {
        return accounting.waiting();
    }

    /** How many records of accounting were given up, since the start. */
    public long accountingLost() {
        return accounting.lost();
    }

    /** For any thread but the control loop's. */
    @Override
    public void close() {
        loop.submit(() -> ordersPort.ifPresent(Channel::close)).awaitUninterruptibly(TimeUnit.SECONDS.toMillis(1));
        servers.close();
    }
}
