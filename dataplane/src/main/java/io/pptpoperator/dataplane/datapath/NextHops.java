package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Neighbour;
import io.pptpoperator.dataplane.linux.netlink.NetlinkMessage;
import io.pptpoperator.dataplane.linux.netlink.NetlinkSocket;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.OutputRoute;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows, for every peer, the next hop that a packet socket may send to, for as long as the kernel's own routing would
 * take the same way. Any change to links, addresses, routes and rules makes it forget everything at once and ask anew; a
 * neighbour's change concerns the peers behind it. Meanwhile, and wherever it knows nothing, workers use the raw socket,
 * whose packets also make the kernel look for neighbours.
 */
final class NextHops implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NextHops.class);
    /** How often what nobody tells of is looked at: iptables-legacy and IPsec. */
    private static final long PERIOD_NANOS = 2_000_000_000L;
    /** Where asking anew takes long, because of thousands of peers, routes that never rest get less of it. */
    private static final int REST_PER_WORK = 10;

    /** Two ends of a path. */
    private record Ends(Ipv4Address peer, Ipv4Address local) {}

    /** A host on a link. */
    private record Host(int linkIndex, Ipv4Address address) {}

    /** A path that a packet socket can take once its next hop is known. */
    private record Way(PeerPath path, OutputRoute route, Link link) {}

    private final PacketSocketUse use;
    private final Rtnetlink rtnetlink;
    private final NetlinkSocket changes;
    private final NetlinkSocket ruleChanges;
    private final EventFd wakeUp = new EventFd();
    private final Thread thread;
    private final Map<Ends, PeerPath> paths = new HashMap<>();
    /** Paths opened since the thread looked last; guarded, like {@link #paths}, by this. */
    private final List<PeerPath> opened = new ArrayList<>();
    private volatile boolean stopping;

    // What only the thread touches.
    private final Map<Host, Set<Way>> ways = new HashMap<>();
    private final Map<Host, Optional<Neighbour>> neighbours = new HashMap<>();
    private Map<Integer, Link> links = Map.of();
    private List<String> filters = List.of();
    private long nextLookAtFilters = System.nanoTime();
    private long nextRelearning = System.nanoTime();
    private boolean relearn = true;

    private NextHops(PacketSocketUse use, Rtnetlink rtnetlink, NetlinkSocket changes,
            NetlinkSocket ruleChanges) {
        this.use = use;
        this.rtnetlink = rtnetlink;
        this.changes = changes;
        this.ruleChanges = ruleChanges;
        this.thread = Thread.ofPlatform().daemon().name("next-hops").unstarted(this::run);
    }

    /**
     * Starts watching, in the network namespace of the calling thread.
     *
     * @throws LinuxException when the kernel refuses to tell of changes
     */
    static NextHops start(PacketSocketUse use) {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            Rtnetlink rtnetlink = Rtnetlink.open();
            open.add(rtnetlink);
            NetlinkSocket changes = Rtnetlink.watchOutput();
            open.add(changes);
            NextHops nextHops = new NextHops(use, rtnetlink, changes, Nftables.watch());
            nextHops.thread.start();
            return nextHops;
        } catch (LinuxException e) {
            for (AutoCloseable part : open) {
                closeQuietly(part);
            }
            throw e;
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.debug("A netlink socket did not close", e);
        }
    }

    /** The path between two addresses, for one more tunnel. */
    synchronized PeerPath open(Ipv4Address peer, Ipv4Address local) {
        PeerPath path = paths.computeIfAbsent(new Ends(peer, local), ends -> {
            PeerPath made = new PeerPath(peer, local);
            opened.add(made);
            wakeUp.signal();
            return made;
        });
        path.users++;
        return path;
    }

    /** Tells that a tunnel needs its path no more. */
    synchronized void release(PeerPath path) {
        path.users--;
        if (path.users == 0) {
            paths.remove(new Ends(path.peer(), path.local()), path);
        }
    }

    private synchronized List<PeerPath> takeOpened() {
        List<PeerPath> taken = List.copyOf(opened);
        opened.clear();
        return taken;
    }

    private synchronized List<PeerPath> allPaths() {
        opened.clear();
        return List.copyOf(paths.values());
    }

    private synchronized boolean isOpen(PeerPath path) {
        return path.users > 0;
    }

    private void run() {
        Poller poller = new Poller(3);
        poller.add(wakeUp.fd(), Poller.READABLE);
        poller.add(changes.fd(), Poller.READABLE);
        poller.add(ruleChanges.fd(), Poller.READABLE);
        while (!stopping) {
            try {
                round();
            } catch (RuntimeException e) {
                // Without knowledge everything goes the kernel's way; the next round may succeed.
                LOG.warn("Packets take the raw socket for now: {}", e.getMessage());
                forgetAll();
                relearn = true;
                nextRelearning = System.nanoTime() + PERIOD_NANOS;
            }
            long due = relearn && filters.isEmpty() ? nextRelearning : nextLookAtFilters;
            long wait = due - System.nanoTime();
            poller.await(Math.clamp(wait, 0, PERIOD_NANOS));
            wakeUp.drain();
        }
        forgetAll();
    }

    private void round() {
        NetlinkSocket.Notifications news = changes.takeNotifications();
        if (news.incomplete() || news.messages().stream().anyMatch(NextHops::concernsAll)) {
            forgetAll();
            relearn = true;
        } else {
            news.messages().forEach(message -> Rtnetlink.neighbourIn(message).ifPresent(this::learn));
        }
        long now = System.nanoTime();
        if (ruleChanges.drainNotifications() || now - nextLookAtFilters >= 0) {
            lookAtFilters();
            dropClosed();
            nextLookAtFilters = System.nanoTime() + PERIOD_NANOS;
        }
        if (!filters.isEmpty()) {
            takeOpened();
        } else if (relearn && now - nextRelearning >= 0) {
            relearn = false;
            links = rtnetlink.links().stream().collect(Collectors.toMap(Link::index, Function.identity()));
            allPaths().forEach(this::resolve);
            long end = System.nanoTime();
            nextRelearning = end + REST_PER_WORK * (end - now);
        } else if (!relearn) {
            takeOpened().forEach(this::resolve);
        }
    }

    /** Whether a notification is about more than one neighbour: a link, an address, a route, a rule. */
    private static boolean concernsAll(NetlinkMessage message) {
        return Rtnetlink.neighbourIn(message).isEmpty();
    }

    private void lookAtFilters() {
        List<String> found = use == PacketSocketUse.ALWAYS ? List.of() : OutputFilters.find(rtnetlink);
        if (found.equals(filters)) {
            return;
        }
        if (found.isEmpty()) {
            LOG.info("GRE may leave through packet sockets");
            relearn = true;
        } else {
            LOG.info("GRE leaves through the raw socket, because packet sockets would pass by: {}",
                    String.join(", ", found));
            forgetAll();
        }
        filters = found;
    }

    private void forgetAll() {
        ways.values().forEach(behind -> behind.forEach(way -> way.path.nextHop(null)));
        ways.clear();
        neighbours.clear();
    }

    private void dropClosed() {
        ways.values().removeIf(behind -> {
            behind.removeIf(way -> !isOpen(way.path));
            return behind.isEmpty();
        });
        neighbours.keySet().retainAll(ways.keySet());
    }

    private void resolve(PeerPath path) {
        Optional<OutputRoute> route = rtnetlink.outputRoute(path.peer(), path.local());
        if (route.isEmpty()) {
            return;
        }
        Optional<Link> link = Optional.ofNullable(links.get(route.get().linkIndex()));
        NextHopChoice.neighbour(route.get(), link, path.peer(), path.local()).ifPresent(address -> {
            Host host = new Host(route.get().linkIndex(), address);
            Way way = new Way(path, route.get(), link.orElseThrow());
            ways.computeIfAbsent(host, key -> new HashSet<>()).add(way);
            apply(way, neighbours.computeIfAbsent(host, this::ask));
        });
    }

    private Optional<Neighbour> ask(Host host) {
        Optional<Neighbour> known = rtnetlink.neighbour(host.linkIndex, host.address);
        return known.filter(Neighbour::isStale).isPresent() ? confirm(host) : known;
    }

    /**
     * Has a stale neighbour confirmed, as sending through the raw socket would. While the kernel asks for it, its address
     * goes on being used, as the kernel does.
     */
    private Optional<Neighbour> confirm(Host host) {
        return rtnetlink.useNeighbour(host.linkIndex, host.address)
                ? rtnetlink.neighbour(host.linkIndex, host.address)
                : Optional.empty();
    }

    /** Takes the kernel's news of a neighbour in. */
    private void learn(Neighbour news) {
        Host host = new Host(news.linkIndex(), news.address());
        Set<Way> behind = ways.get(host);
        if (behind == null) {
            return;
        }
        Optional<Neighbour> current = news.isStale() ? confirm(host) : Optional.of(news);
        neighbours.put(host, current);
        behind.forEach(way -> apply(way, current));
    }

    private static void apply(Way way, Optional<Neighbour> neighbour) {
        Optional<NextHop> nextHop = NextHopChoice.nextHop(way.route, way.link, neighbour);
        way.path.nextHop(nextHop.orElse(null));
    }

    /** Stops watching and waits until the thread has ended; then workers know no next hop any more. */
    @Override
    public void close() {
        stopping = true;
        wakeUp.signal();
        ThreadEnd.await(thread);
        rtnetlink.close();
        changes.close();
        ruleChanges.close();
        wakeUp.close();
    }
}
