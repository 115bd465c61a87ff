package io.pptpoperator.dataplane.radius;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that the settings name, wherever they are now: their names are looked up again and again, and they are asked
 * whether they are there. What is asked before a change is answered as it was asked.
 */
final class RadiusServers implements Asking, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RadiusServers.class);
    private static final long LOOK_SECONDS = 30;
    /** What a request's author is called while nobody is there to be asked. */
    private static final NasIdentity NOBODY = new NasIdentity("pptp", Ipv4Address.ANY);

    private final EventLoop loop;
    private final LongSupplier now;
    private final SecureRandom random;
    private final RadiusObserver observer;
    private final ServerStates states;
    private final ScheduledExecutorService lookups = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("radius-lookup").unstarted(task));

    // For the lookups' thread.
    private ServerLookup lookup;
    private ServerLookup.Found found = new ServerLookup.Found(List.of(), Map.of(), Ipv4Address.ANY);
    private ScheduledFuture<?> again;

    // For the control loop.
    private RadiusClient client;
    private NasIdentity nas = NOBODY;

    RadiusServers(EventLoop loop, LongSupplier now, SecureRandom random, RadiusObserver observer, ServerStates states) {
        this.loop = loop;
        this.now = now;
        this.random = random;
        this.observer = observer;
        this.states = states;
        client = client(found, RadiusConfig.NONE);
    }

    private RadiusClient client(ServerLookup.Found at, RadiusConfig config) {
        return new RadiusClient(loop, at.servers(),
                new RadiusClient.Patience(config.timeout().toMillis(), config.attempts(), config.deadTime().toMillis()),
                now, random, observer);
    }

    /**
     * Asks the servers of these settings from now on, as soon as their names are looked up, which may take a while.
     *
     * @param member what this PAC is called among its like
     * @param then runs on the control loop once they are asked
     * @throws IOException when a certificate or key cannot be used, in which case nothing changes
     */
    void configure(RadiusConfig config, String member, Runnable then) throws IOException {
        var wanted = new ServerLookup(config);
        lookups.execute(() -> {
            lookup = wanted;
            found = wanted.look();
            if (again != null) {
                again.cancel(false);
            }
            String identifier = config.nasIdentifier(member);
            again = config.servers().isEmpty()
                    ? null
                    : lookups.scheduleWithFixedDelay(() -> lookAgain(config, identifier), LOOK_SECONDS, LOOK_SECONDS,
                            TimeUnit.SECONDS);
            ServerLookup.Found first = found;
            loop.execute(() -> {
                use(first, config, identifier);
                then.run();
                client.probe(identifier);
            });
        });
    }

    private void lookAgain(RadiusConfig config, String identifier) {
        try {
            ServerLookup.Found next = lookup.look();
            boolean moved = !next.leadsWhere(found);
            found = next;
            loop.execute(() -> {
                if (moved) {
                    use(next, config, identifier);
                }
                client.probe(identifier);
            });
        } catch (RuntimeException e) {
            LOG.error("RADIUS servers could not be looked up again; the last known addresses count", e);
        }
    }

    private void use(ServerLookup.Found next, RadiusConfig config, String identifier) {
        client.retire();
        client = client(next, config);
        nas = new NasIdentity(identifier, next.nas());
        states.retain(config.servers().stream().map(RadiusConfig.Server::name).toList());
        next.missing().forEach((name, why) -> {
            states.notFound(name, why);
            LOG.atWarn().addKeyValue("radius", name).addKeyValue("reason", why).log("A RADIUS server is not found");
        });
    }

    /** How this PAC calls itself. */
    NasIdentity nas() {
        return nas;
    }

    @Override
    public boolean serves(Purpose purpose) {
        return client.serves(purpose);
    }

    @Override
    public Runnable ask(Purpose purpose, int affinity, RadiusClient.Request request,
            Consumer<RadiusClient.Outcome> then) {
        return client.ask(purpose, affinity, request, then);
    }

    @Override
    public void close() {
        lookups.shutdownNow();
        loop.submit(client::close).awaitUninterruptibly(TimeUnit.SECONDS.toMillis(1));
    }
}
