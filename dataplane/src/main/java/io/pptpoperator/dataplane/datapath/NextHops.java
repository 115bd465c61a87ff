package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.datapath.PacketSocketObstacle.Reason;
import io.pptpoperator.dataplane.firewall.Interference;
import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import io.pptpoperator.dataplane.linux.XdpLink;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Neighbour;
import io.pptpoperator.dataplane.linux.netlink.Neighbours;
import io.pptpoperator.dataplane.linux.netlink.NetlinkMessage;
import io.pptpoperator.dataplane.linux.netlink.NetlinkSocket;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.OutputRoute;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows, for every peer, the next hop that a packet socket may send to, for as long as the kernel's own routing would
 * take the same way. Any change to links, addresses, routes and rules makes it forget everything at once and ask anew;
 * a neighbour's change concerns the peers behind it. Meanwhile, and wherever it knows nothing, workers use the raw
 * socket, whose packets also make the kernel look for neighbours.
 */
final class NextHops implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NextHops.class);
    /** How often what nobody tells of is looked at: iptables-legacy and IPsec. */
    private static final long PERIOD_NANOS = 2_000_000_000L;
    /** Where asking anew takes long, because of thousands of peers, routes that never rest get less of it. */
    private static final int REST_PER_WORK = 10;
    /** Firewall rules are read again this long after they have changed, however large they are. */
    private static final long MOST_REST_NANOS = 1_000_000_000L;

    /** Two ends of a path. */
    private record Ends(Ipv4Address peer, Ipv4Address local) {}

    /** A host on a link. */
    private record Host(int linkIndex, Ipv4Address address) {}

    /** A path that a packet socket can take once its next hop is known. */
    private record Way(PeerPath path, OutputRoute route, Link link) {}

    private final PacketSocketUse use;
    private final Rtnetlink rtnetlink;
    private final Neighbours neighbourTable;
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
    /** Peers that a firewall rule may concern, which others do not. */
    private final Map<PeerPath, Interference> concerned = new HashMap<>();
    private final XdpLinks xdp;
    private final OutputFilters filters;
    private OutputFilters.Findings findings = OutputFilters.Findings.NONE;
    private long nextLookAtFilters = System.nanoTime();
    private boolean rulesChanged;
    private long nextLookAtRules = System.nanoTime();
    private long nextRelearning = System.nanoTime();
    private boolean relearn = true;

    /** For other threads. */
    private volatile List<PacketSocketObstacle> obstacles = List.of();

    private NextHops(PacketSocketUse use, Rtnetlink rtnetlink, XdpLinks xdp, NetlinkSocket changes,
            NetlinkSocket ruleChanges) {
        this.use = use;
        this.rtnetlink = rtnetlink;
        this.xdp = xdp;
        this.neighbourTable = rtnetlink.neighbours();
        this.changes = changes;
        this.ruleChanges = ruleChanges;
        this.filters = new OutputFilters(rtnetlink);
        this.thread = Thread.ofPlatform().daemon().name("next-hops").unstarted(this::run);
    }

    /**
     * Knows nothing until it is started; the kernel tells it of changes from here on, in the network namespace of the
     * calling thread.
     *
     * @param workers how many there are, each of which gets XDP sockets of its own
     * @param retire closes XDP sockets once no worker uses them any more
     * @throws LinuxException when the kernel refuses to tell of changes
     */
    static NextHops open(DatapathOptions options, int workers, Consumer<XdpLink> retire) {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            Rtnetlink rtnetlink = Rtnetlink.open();
            open.add(rtnetlink);
            NetlinkSocket changes = Rtnetlink.watchOutput();
            open.add(changes);
            XdpLinks xdp = new XdpLinks(options.xdpSockets(), workers, rtnetlink, retire);
            return new NextHops(options.packetSockets(), rtnetlink, xdp, changes, Nftables.watch());
        } catch (LinuxException e) {
            for (AutoCloseable part : open) {
                closeQuietly(part);
            }
            throw e;
        }
    }

    /** Starts learning, in the network namespace of the calling thread; once. */
    void start() {
        thread.start();
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

    /** What keeps some packets, or all, from packet sockets right now. */
    List<PacketSocketObstacle> obstacles() {
        return obstacles;
    }

    /** What keeps packets that packet sockets may take from XDP sockets. */
    List<XdpSocketObstacle> xdpObstacles() {
        return xdp.obstacles();
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
                obstacles = List.of(new PacketSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
            }
            poller.await(Math.clamp(nanosToNextRound(), 0, PERIOD_NANOS));
            wakeUp.drain();
        }
        forgetAll();
    }

    private long nanosToNextRound() {
        long now = System.nanoTime();
        long wait = nextLookAtFilters - now;
        if (rulesChanged) {
            wait = Math.min(wait, nextLookAtRules - now);
        }
        if (relearn && findings.forAll().isEmpty()) {
            wait = Math.min(wait, nextRelearning - now);
        }
        return wait;
    }

    private void round() {
        NetlinkSocket.Notifications news = changes.takeNotifications();
        if (news.incomplete() || news.messages().stream().anyMatch(NextHops::concernsAll)) {
            forgetAll();
            relearn = true;
        } else {
            news.messages().forEach(message -> Neighbours.in(message).ifPresent(this::learn));
        }
        long now = System.nanoTime();
        rulesChanged |= ruleChanges.drainNotifications();
        boolean readRules = rulesChanged && now - nextLookAtRules >= 0;
        if (readRules || now - nextLookAtFilters >= 0) {
            look(readRules, now);
        }
        if (!findings.forAll().isEmpty()) {
            takeOpened();
        } else if (relearn && now - nextRelearning >= 0) {
            relearn = false;
            links = rtnetlink.links().stream().collect(Collectors.toMap(Link::index, Function.identity()));
            xdp.relearn(links);
            allPaths().forEach(this::resolve);
            long end = System.nanoTime();
            nextRelearning = end + REST_PER_WORK * (end - now);
            xdp.release();
        } else if (!relearn) {
            takeOpened().forEach(this::resolve);
        }
        publishObstacles();
    }

    private void look(boolean readRules, long now) {
        if (readRules) {
            rulesChanged = false;
            filters.rulesChanged();
        }
        take(use == PacketSocketUse.ALWAYS ? OutputFilters.Findings.NONE : filters.find());
        dropClosed();
        if (!relearn && xdp.look()) {
            ways.forEach((host, behind) -> behind
                    .forEach(way -> apply(way, neighbours.getOrDefault(host, Optional.empty()))));
            xdp.release();
        }
        long end = System.nanoTime();
        nextLookAtFilters = end + PERIOD_NANOS;
        nextLookAtRules = end + Math.min(REST_PER_WORK * (end - now), MOST_REST_NANOS);
    }

    private void publishObstacles() {
        List<PacketSocketObstacle> all = new ArrayList<>(findings.forAll());
        concerned.values()
                .stream()
                .distinct()
                .forEach(rule -> all.add(new PacketSocketObstacle(Reason.FIREWALL, rule.what())));
        obstacles = List.copyOf(all);
    }

    /** Whether a notification is about more than one neighbour: a link, an address, a route, a rule. */
    private static boolean concernsAll(NetlinkMessage message) {
        return Neighbours.in(message).isEmpty();
    }

    private void take(OutputFilters.Findings found) {
        if (found.equals(findings)) {
            return;
        }
        List<PacketSocketObstacle> before = findings.forAll();
        findings = found;
        if (found.forAll().isEmpty() && before.isEmpty()) {
            checkAddresses();
        } else if (found.forAll().isEmpty()) {
            LOG.info("GRE may leave through packet sockets");
            relearn = true;
        } else if (!found.forAll().equals(before)) {
            LOG.info("GRE leaves through the raw socket, because packet sockets would pass by: {}",
                    PacketSocketObstacle.inWords(found.forAll()));
            forgetAll();
        }
    }

    /** Other rules that only some addresses are concerned by: some peers may change sides. */
    private void checkAddresses() {
        List<PeerPath> again = new ArrayList<>(concerned.keySet());
        concerned.clear();
        ways.values().forEach(behind -> behind.removeIf(way -> {
            boolean leaves = mayConcern(way.path, way.route);
            if (leaves) {
                way.path.nextHop(null);
            }
            return leaves;
        }));
        if (!relearn) {
            again.forEach(this::resolve);
        }
    }

    /** Whether a firewall rule may concern a path's packets; it is remembered then. */
    private boolean mayConcern(PeerPath path, OutputRoute route) {
        Optional<Interference> rule = findings.forSome()
                .stream()
                .filter(some -> some.concerns(route.source(), path.peer()))
                .findFirst();
        rule.ifPresent(known -> concerned.put(path, known));
        return rule.isPresent();
    }

    private void forgetAll() {
        ways.values().forEach(behind -> behind.forEach(way -> way.path.nextHop(null)));
        ways.clear();
        neighbours.clear();
        concerned.clear();
    }

    private void dropClosed() {
        ways.values().removeIf(behind -> {
            behind.removeIf(way -> !isOpen(way.path));
            return behind.isEmpty();
        });
        neighbours.keySet().retainAll(ways.keySet());
        concerned.keySet().removeIf(path -> !isOpen(path));
    }

    private void resolve(PeerPath path) {
        Optional<OutputRoute> route = rtnetlink.outputRoute(path.peer(), path.local());
        if (route.isEmpty() || mayConcern(path, route.get())) {
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
        Optional<Neighbour> known = neighbourTable.find(host.linkIndex, host.address);
        return known.filter(Neighbour::isStale).isPresent() ? confirm(host) : known;
    }

    /**
     * Has a stale neighbour confirmed, as sending through the raw socket would. While the kernel asks for it, its
     * address goes on being used, as the kernel does.
     */
    private Optional<Neighbour> confirm(Host host) {
        return neighbourTable.use(host.linkIndex, host.address)
                ? neighbourTable.find(host.linkIndex, host.address)
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

    private void apply(Way way, Optional<Neighbour> neighbour) {
        Optional<NextHop> nextHop = NextHopChoice.nextHop(way.route, way.link, neighbour, xdp.on(way.link));
        way.path.nextHop(nextHop.orElse(null));
    }

    /** Stops watching and waits until the thread has ended; then workers know no next hop any more. */
    @Override
    public void close() {
        stopping = true;
        wakeUp.signal();
        ThreadEnd.await(thread);
        xdp.close();
        rtnetlink.close();
        changes.close();
        ruleChanges.close();
        wakeUp.close();
    }
}
