package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import io.pptpoperator.dataplane.network.FollowingNetwork;
import io.pptpoperator.dataplane.network.NetworkPlan;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the network around the server follow its sessions and its configuration, in the order in which they change, on a
 * thread of its own: the kernel may take long, and every check of a host with many rules holds the network's lock.
 * Whatever fails is logged and does not concern the session; what can be put right later, the check puts right.
 */
final class NetworkChanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkChanges.class);

    private record Change(Runnable work, CompletableFuture<Void> done) {}

    private final FollowingNetwork network;
    private final BlockingQueue<Change> waiting = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("network-changes").unstarted(this::run);
    /** By session: the routes that the kernel took. For the thread only. */
    private final Map<String, List<Ipv4Prefix>> routed = new HashMap<>();
    private volatile boolean stopping;

    /** For the control loop, as are {@link #strays}: what the plan in force was made of. */
    private Configuration configuration;
    /** Addresses that are in the plan only because a session has them. */
    private final Set<Ipv4Address> strays = new HashSet<>();
    /** Sessions that have, or had, networks behind them. */
    private final Set<String> withRoutes = new HashSet<>();

    private NetworkChanges(FollowingNetwork network, Configuration configuration) {
        this.network = network;
        this.configuration = configuration;
    }

    /** Starts its thread; {@code configuration} is what the network is set up for. */
    static NetworkChanges start(FollowingNetwork network, Configuration configuration) {
        NetworkChanges changes = new NetworkChanges(network, configuration);
        changes.thread.start();
        return changes;
    }

    private void run() {
        while (!stopping) {
            try {
                Change next = waiting.take();
                next.work().run();
                next.done().complete(null);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private CompletableFuture<Void> soon(String what, Runnable change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.add(new Change(() -> {
            try {
                change.run();
            } catch (RuntimeException e) {
                LOG.error("The network could not follow: {}", what, e);
            }
        }, done));
        if (stopping) {
            giveUpRest();
        }
        return done;
    }

    private void giveUpRest() {
        waiting.forEach(change -> change.done().complete(null));
    }

    /**
     * A changed configuration holds from now on; its addresses are routed when the result is complete.
     *
     * @param leased the addresses in use, which stay routed even if the configuration no longer has them
     */
    CompletableFuture<Void> configured(Configuration changed, List<Ipv4Address> leased) {
        configuration = changed;
        strays.clear();
        strays.addAll(NetworkPlans.strays(changed, leased));
        NetworkPlan plan = NetworkPlans.of(changed, leased);
        return soon("a changed configuration", () -> network.follow(plan));
    }

    /** Routes addresses too that sessions got from the former configuration since {@link #configured} was told. */
    void recheck(List<Ipv4Address> leased) {
        if (!strays.containsAll(NetworkPlans.strays(configuration, leased))) {
            configured(configuration, leased);
        }
    }

    /** A session with this address, and these networks behind it, is connected. */
    void connected(String session, Ipv4Address address, List<Ipv4Prefix> routes) {
        if (configuration.server().network().proxyARP()) {
            soon("client " + address + " is connected", () -> network.addClient(address));
        }
        if (!routes.isEmpty()) {
            withRoutes.add(session);
            soon("session " + session + " is connected", () -> route(session, routes));
        }
    }

    /** A session of another process goes on: the network is set up with its routes already. */
    void takenOver(String session, Ipv4Address address, List<Ipv4Prefix> routes) {
        if (configuration.server().network().proxyARP()) {
            soon("client " + address + " is taken over", () -> network.addClient(address));
        }
        if (!routes.isEmpty()) {
            withRoutes.add(session);
            soon("session " + session + " is taken over", () -> routed.put(session, routes));
        }
    }

    /** A connected session has other networks behind it now. */
    void rerouted(String session, List<Ipv4Prefix> routes) {
        withRoutes.add(session);
        soon("session " + session + " has other routes", () -> {
            List<Ipv4Prefix> before = routed.getOrDefault(session, List.of());
            List<Ipv4Prefix> kept = before.stream().filter(routes::contains).toList();
            before.stream().filter(route -> !kept.contains(route)).forEach(route -> remove(session, route));
            routed.put(session, kept);
            route(session, routes.stream().filter(route -> !kept.contains(route)).toList());
        });
    }

    private void route(String session, List<Ipv4Prefix> routes) {
        List<Ipv4Prefix> taken = new ArrayList<>(routed.getOrDefault(session, List.of()));
        for (Ipv4Prefix route : routes) {
            try {
                network.addRoute(route);
                taken.add(route);
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("session", session)
                        .addKeyValue("route", route)
                        .addKeyValue("reason", e.getMessage())
                        .log("The network behind the client cannot be routed");
            }
        }
        routed.put(session, taken);
    }

    /**
     * A session is over, and its address given back.
     *
     * @param leased finds the addresses that are still in use
     */
    void ended(String session, Ipv4Address address, Supplier<List<Ipv4Address>> leased) {
        if (configuration.server().network().proxyARP()) {
            soon("client " + address + " is gone", () -> network.removeClient(address));
        }
        if (withRoutes.remove(session)) {
            soon("session " + session + " is over", () -> unroute(session));
        }
        if (strays.contains(address)) {
            configured(configuration, leased.get());
        }
    }

    private void unroute(String session) {
        routed.getOrDefault(session, List.of()).forEach(route -> remove(session, route));
        routed.remove(session);
    }

    private void remove(String session, Ipv4Prefix route) {
        try {
            network.removeRoute(route);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("session", session)
                    .addKeyValue("route", route)
                    .addKeyValue("reason", e.getMessage())
                    .log("The route to the network behind the client cannot be removed");
        }
    }

    /** Ends the thread; what still waits is not done, and nobody waits for it any longer. */
    @Override
    public void close() {
        stopping = true;
        waiting.add(new Change(() -> {}, new CompletableFuture<>()));
        ThreadEnd.await(thread);
        giveUpRest();
    }
}
