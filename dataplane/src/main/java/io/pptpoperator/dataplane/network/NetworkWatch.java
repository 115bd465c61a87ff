package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import io.pptpoperator.dataplane.linux.netlink.NetlinkSocket;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link ServerNetwork} intact: whenever the kernel tells of a change to links, addresses, routes, forwarding
 * or firewall rules, and every two seconds in any case, what is wrong is put right.
 */
public final class NetworkWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkWatch.class);
    private static final Healing NOTHING = new Healing(List.of(), List.of());
    private static final long PERIOD_NANOS = 2_000_000_000L;
    /** Rest between two checks, so that a host whose routes never rest does not keep a core busy. */
    private static final long LEAST_REST_NANOS = 300_000_000L;
    private static final long MOST_REST_NANOS = 2_500_000_000L;
    /** Where a check takes long, because of a million routes perhaps, it is made less often. */
    private static final int REST_PER_WORK = 20;

    private final ServerNetwork network;
    private final Consumer<Healing> listener;
    private final NetlinkSocket routeChanges;
    private final NetlinkSocket ruleChanges;
    private final EventFd stop = new EventFd();
    private final AtomicLong repairs = new AtomicLong();
    private final Thread thread;
    private volatile List<String> problems = List.of();

    private NetworkWatch(ServerNetwork network, Consumer<Healing> listener, NetlinkSocket routeChanges,
            NetlinkSocket ruleChanges) {
        this.network = network;
        this.listener = listener;
        this.routeChanges = routeChanges;
        this.ruleChanges = ruleChanges;
        this.thread = Thread.ofPlatform().daemon().name("network-watch").unstarted(this::run);
    }

    /**
     * Starts watching, in the network namespace of the calling thread.
     *
     * @param listener told of every check that found something wrong, on the watch's own thread
     * @throws LinuxException when the kernel refuses to send notifications
     */
    public static NetworkWatch start(ServerNetwork network, Consumer<Healing> listener) {
        NetlinkSocket routeChanges = Rtnetlink.watch();
        NetworkWatch watch;
        try {
            watch = new NetworkWatch(network, listener, routeChanges, Nftables.watch());
        } catch (LinuxException e) {
            routeChanges.close();
            throw e;
        }
        watch.thread.start();
        return watch;
    }

    private void run() {
        Poller changes = new Poller(3);
        int stopping = changes.add(stop.fd(), Poller.READABLE);
        changes.add(routeChanges.fd(), Poller.READABLE);
        changes.add(ruleChanges.fd(), Poller.READABLE);
        Poller rest = new Poller(1);
        rest.add(stop.fd(), Poller.READABLE);
        long restNanos;
        do {
            long begin = System.nanoTime();
            routeChanges.drainNotifications();
            ruleChanges.drainNotifications();
            try {
                check();
            } catch (RuntimeException e) {
                // Whatever it was, the next check may succeed; a watch that has ended cannot.
                LOG.error("the network check failed", e);
            }
            restNanos = Math.clamp(REST_PER_WORK * (System.nanoTime() - begin), LEAST_REST_NANOS, MOST_REST_NANOS);
        } while (rest.await(restNanos) == 0 && (changes.await(PERIOD_NANOS) == 0 || !changes.readable(stopping)));
    }

    private void check() {
        Healing healing = network.heal();
        repairs.addAndGet(healing.repaired().size());
        healing.repaired().forEach(problem -> LOG.warn("put right: {}", problem));
        if (!healing.failed().equals(problems)) {
            healing.failed().forEach(problem -> LOG.error("{}", problem));
            problems = healing.failed();
        }
        if (!healing.equals(NOTHING)) {
            listener.accept(healing);
        }
    }

    /** What the last check could not put right; empty when all is well. */
    public List<String> problems() {
        return problems;
    }

    /** How many things have been put right so far. */
    public long repairs() {
        return repairs.get();
    }

    /** Stops watching and waits until the thread has ended; the network stays as it is. */
    @Override
    public void close() {
        stop.signal();
        ThreadEnd.await(thread);
        routeChanges.close();
        ruleChanges.close();
        stop.close();
    }
}
