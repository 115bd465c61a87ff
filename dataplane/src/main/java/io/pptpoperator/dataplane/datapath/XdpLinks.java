package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.datapath.XdpSocketObstacle.Reason;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.XdpLink;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The XDP sockets of the links that peers are behind: opened where they may be used, closed when no worker uses them any
 * more. For the thread of {@link NextHops}, but for {@link #obstacles}.
 */
final class XdpLinks {

    private static final Logger LOG = LoggerFactory.getLogger(XdpLinks.class);

    private final XdpSocketUse use;
    private final int workers;
    private final Consumer<XdpLink> retire;
    private final EgressFilters filters;
    /** The links asked for, and what is in the way on each. */
    private final Map<Integer, List<XdpSocketObstacle>> obstacles = new HashMap<>();
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<Integer, XdpLink> open = new HashMap<>();
    /** Links whose sockets the kernel refused to open, for other reasons than that a queue is taken at the moment. */
    private final Set<Integer> refused = new HashSet<>();
    /** What was logged about a link last. */
    private final Map<Integer, String> told = new HashMap<>();
    /** Out of use as soon as no path names them. */
    private final List<XdpLink> replaced = new ArrayList<>();
    /** Handed to {@link #retire}. */
    private final List<XdpLink> retired = new ArrayList<>();
    private volatile List<XdpSocketObstacle> published = List.of();

    /**
     * Opens nothing yet.
     *
     * @param workers how many there are
     * @param retire closes sockets once no worker uses them any more
     */
    XdpLinks(XdpSocketUse use, int workers, Rtnetlink rtnetlink, Consumer<XdpLink> retire) {
        this.use = use;
        this.workers = workers;
        this.retire = retire;
        this.filters = new EgressFilters(rtnetlink);
        if (use == XdpSocketUse.OFF) {
            published = List.of(new XdpSocketObstacle(Reason.OFF, "XDP sockets are switched off"));
        }
    }

    /** What is in the way on some link. For any thread. */
    List<XdpSocketObstacle> obstacles() {
        return published;
    }

    /** The sockets on a link, if packets may leave through them. */
    Optional<XdpLink> on(Link link) {
        if (use == XdpSocketUse.OFF || link.hardwareAddress().isEmpty()) {
            return Optional.empty();
        }
        links.put(link.index(), link);
        List<XdpSocketObstacle> found = obstacles.computeIfAbsent(link.index(), index -> find(link));
        if (found.isEmpty() && !open.containsKey(link.index()) && !isHeld(link)) {
            openOn(link);
        }
        publish();
        return Optional.ofNullable(open.get(link.index())).filter(sockets -> obstacles.get(link.index()).isEmpty());
    }

    /** Whether sockets that are on their way out may still have the link's queues. */
    private boolean isHeld(Link link) {
        return Stream.concat(replaced.stream(), retired.stream()).anyMatch(sockets -> sockets.index() == link.index());
    }

    private List<XdpSocketObstacle> find(Link link) {
        return use == XdpSocketUse.ALWAYS ? List.of() : filters.find(link);
    }

    private void openOn(Link link) {
        try {
            XdpLink sockets = XdpLink.open(link.index(), link.hardwareAddress().orElseThrow(), workers);
            open.put(link.index(), sockets);
            told.remove(link.index());
            LOG.info("GRE through {} may leave by XDP sockets, which keep {} KB of memory locked", link.name(),
                    sockets.lockedBytes() / 1_024);
        } catch (LinuxException e) {
            obstacles.put(link.index(), List.of(new XdpSocketObstacle(Reason.UNAVAILABLE, e.getMessage())));
            if (!e.getMessage().equals(told.put(link.index(), e.getMessage()))) {
                LOG.warn("GRE through {} does not leave by XDP sockets: {}", link.name(), e.getMessage());
            }
            if (e.errno() != Errno.EBUSY) {
                refused.add(link.index());
            }
        }
    }

    /**
     * Looks again at what is in the way, and whether sockets still work.
     *
     * @return whether some link's answer of {@link #on} is another one now
     */
    boolean look() {
        // Only now, because the kernel takes a moment after close(2) to let others have a queue.
        retired.removeIf(XdpLink::isClosed);
        boolean changed = false;
        for (Link link : links.values()) {
            XdpLink sockets = open.get(link.index());
            List<XdpSocketObstacle> before = obstacles.get(link.index());
            if (refused.contains(link.index())) {
                continue; // tried again when links change
            }
            List<XdpSocketObstacle> now = find(link);
            obstacles.put(link.index(), now);
            changed |= !now.equals(before) || now.isEmpty() && sockets == null && !isHeld(link);
            if (sockets != null && (!now.isEmpty() || sockets.isBroken())) {
                replaced.add(open.remove(link.index()));
                changed = true;
            }
        }
        publish();
        return changed;
    }

    /** Begins anew, since links have changed: what is not as it was is opened again when it is asked for. */
    void relearn(Map<Integer, Link> current) {
        links.clear();
        obstacles.clear();
        refused.clear();
        open.values().removeIf(sockets -> {
            Link link = current.get(sockets.index());
            boolean changed = sockets.isBroken() || link == null || !link.up() || link.hardwareAddress().isEmpty()
                    || link.hardwareAddress().getAsLong() != sockets.hardwareAddress();
            if (changed) {
                replaced.add(sockets);
            }
            return changed;
        });
        publish();
    }

    /** Lets sockets go that no path names any more: those replaced, and those of links that were not asked for. */
    void release() {
        Set<Integer> asked = links.keySet();
        open.values().removeIf(sockets -> {
            boolean unused = !asked.contains(sockets.index());
            if (unused) {
                replaced.add(sockets);
            }
            return unused;
        });
        replaced.forEach(retire);
        retired.addAll(replaced);
        replaced.clear();
    }

    private void publish() {
        if (use != XdpSocketUse.OFF) {
            published = obstacles.values().stream().flatMap(List::stream).distinct().toList();
        }
    }

    /** Closes all sockets; no worker may run any more. */
    void close() {
        open.values().forEach(XdpLink::close);
        replaced.forEach(XdpLink::close);
        retired.forEach(XdpLink::close);
    }
}
