package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.address.LocalAddresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network around one server, as its {@link NetworkPlan} wants it. Setting up is healing what is all missing, so a
 * crashed predecessor's remains are no special case. Methods may be called from any thread; the network namespace is
 * that of the thread that called {@link #setUp}.
 */
public final class ServerNetwork implements FollowingNetwork, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerNetwork.class);

    private static final int LEAST_DEVICE_MTU = 1500;
    private static final Ipv4Prefix LOOPBACK = Ipv4Prefix.parse("127.0.0.0/8");

    private final Rtnetlink rtnetlink;
    private final Nftables nftables;
    private final TunLink tun;
    private final Forwarding forwarding;
    private final ServerTable table;
    private final ForwardChains forwardChains;
    private final ProxyArp proxyArp;
    /** The networks of interfaces in which clients may be as if they were there. */
    private List<InterfaceAddress> lans = List.of();
    /** Networks behind connected clients, with the number of sessions that want each. */
    private final Map<Ipv4Prefix, Integer> sessionRoutes = new HashMap<>();
    private NetworkPlan plan;
    private Optional<Link> uplink = Optional.empty();
    private LocalAddresses localAddresses = LocalAddresses.NONE;
    private Consumer<LocalAddresses> addressListener = addresses -> {};
    /** Another process sees to it for a while. */
    private boolean resting;
    /** Whether this process has set it up, or taken it over for good, and removes it at its end. */
    private boolean own = true;
    private boolean closed;

    private ServerNetwork(NetworkPlan plan, Rtnetlink rtnetlink, Nftables nftables) {
        this.plan = plan;
        this.rtnetlink = rtnetlink;
        this.nftables = nftables;
        this.tun = new TunLink(rtnetlink, plan.tun(), plan.localAddress());
        this.proxyArp = new ProxyArp(rtnetlink, tun);
        this.forwarding = new Forwarding(rtnetlink, plan.tun());
        this.table = new ServerTable(nftables, plan.tun());
        this.forwardChains = new ForwardChains(nftables, plan.tun());
    }

    /**
     * Sets the network up around the open TUN device that the plan names.
     *
     * @throws NetworkSetupException when something without which clients cannot be served is refused
     * @throws LinuxException when the kernel lacks rtnetlink or nf_tables
     */
    public static ServerNetwork setUp(NetworkPlan plan) {
        return setUp(plan, Optional.empty());
    }

    /**
     * Takes the network over that another process has set up around the TUN device, which is open here as well. Until
     * {@link #own} is called it stays as it is when this one is closed.
     *
     * @param routes networks behind connected clients, one for each session that wants it
     * @throws NetworkSetupException when something without which clients cannot be served is refused
     * @throws LinuxException when the kernel lacks rtnetlink or nf_tables
     */
    public static ServerNetwork takeOver(NetworkPlan plan, List<Ipv4Prefix> routes) {
        return setUp(plan, Optional.of(routes));
    }

    private static ServerNetwork setUp(NetworkPlan plan, Optional<List<Ipv4Prefix>> takenOver) {
        Rtnetlink rtnetlink = Rtnetlink.open();
        Nftables nftables;
        try {
            nftables = Nftables.open();
        } catch (LinuxException e) {
            rtnetlink.close();
            throw e;
        }
        ServerNetwork network = new ServerNetwork(plan, rtnetlink, nftables);
        try {
            network.forwarding.adopt(network.table.forwardersLeftBehind());
            network.own = takenOver.isEmpty();
            if (takenOver.isPresent()) {
                takenOver.get().forEach(route -> network.sessionRoutes.merge(route, 1, Integer::sum));
            } else {
                network.table.remove();
            }
            network.localAddresses = KernelAddresses.read(rtnetlink);
            List<String> fatal = new ArrayList<>();
            for (Repair repair : network.inspect()) {
                network.run(repair).ifPresent(failure -> {
                    if (repair.essential()) {
                        fatal.add(failure);
                    } else {
                        LOG.warn("{}", failure);
                    }
                });
            }
            if (!fatal.isEmpty()) {
                throw new NetworkSetupException(fatal);
            }
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** What is not as the plan wants it. */
    private List<Repair> inspect() {
        List<Repair> repairs = new ArrayList<>();
        // While a default route is away for a moment, the last one's interface remains the uplink.
        inspect(repairs, () -> {
            uplink = Uplink.find(rtnetlink, plan).or(() -> uplink);
            return List.of();
        });
        inspect(repairs, () -> tun.inspect(deviceMtu(), destinations()));
        inspect(repairs, () -> {
            lans = proxyArp.networks(plan);
            return forwarding.inspect(plan, uplink,
                    lans.stream().map(InterfaceAddress::linkIndex).collect(Collectors.toSet()));
        });
        inspect(repairs, () -> proxyArp.inspect(plan));
        inspect(repairs, () -> table.inspect(this::tableRules));
        inspect(repairs, () -> forwardChains.inspect(new ForwardChains.Consent(plan.nat(), exclusions())));
        return repairs;
    }

    /** What cannot be looked at does not keep the rest from being healed. */
    private static void inspect(List<Repair> repairs, Supplier<List<Repair>> part) {
        try {
            repairs.addAll(part.get());
        } catch (LinuxException e) {
            repairs.add(Repair.impossible(e.getMessage()));
        }
    }

    private Set<Ipv4Prefix> destinations() {
        Set<Ipv4Prefix> destinations = new LinkedHashSet<>(plan.clients());
        destinations.addAll(sessionRoutes.keySet());
        return destinations;
    }

    private ServerTable.Rules tableRules() {
        List<Ipv4Prefix> host = new ArrayList<>(List.of(LOOPBACK, new Ipv4Prefix(plan.localAddress(), 32)));
        localAddresses.own().stream().sorted().forEach(address -> host.add(new Ipv4Prefix(address, 32)));
        plan.hostOpen().forEach(address -> host.add(new Ipv4Prefix(address, 32)));
        return new ServerTable.Rules(host, plan.nat() ? Optional.of(nat()) : Optional.empty(), forwarding.switchedOn());
    }

    private ServerTable.Nat nat() {
        // A user's network is rewritten whether or not the user is connected, so that a login changes no rules.
        Set<Ipv4Prefix> sources = new LinkedHashSet<>(plan.clients());
        sources.addAll(plan.userNetworks());
        sources.addAll(sessionRoutes.keySet());
        return new ServerTable.Nat(List.copyOf(sources), plan.uplink().or(() -> uplink.map(Link::name)), exclusions());
    }

    private List<Ipv4Prefix> exclusions() {
        Set<Ipv4Prefix> exclusions = new LinkedHashSet<>(plan.natExclusions());
        lans.forEach(lan -> exclusions.add(lan.network()));
        return List.copyOf(exclusions);
    }

    /** Runs a repair; the reason if it fails. */
    private Optional<String> run(Repair repair) {
        if (repair.fix().isEmpty()) {
            return Optional.of(repair.problem());
        }
        try {
            repair.fix().get().run();
            return Optional.empty();
        } catch (LinuxException e) {
            return Optional.of(repair.problem() + ", and " + e.getMessage());
        }
    }

    /** The largest IP packet inside the tunnel, in bytes: the plan's, or derived from the uplink as it is now. */
    public synchronized int mtu() {
        return plan.mtu()
                .orElseGet(() -> TunnelMtu
                        .forUplink(uplink.isPresent() ? OptionalInt.of(uplink.get().mtu()) : OptionalInt.empty()));
    }

    /**
     * What the TUN device itself takes, in bytes: all that the uplink brings, even if it is too long for a tunnel. The
     * kernel must not judge that, for it knows neither the clients' MRUs nor that oversized packets may be fragmented.
     */
    private int deviceMtu() {
        return Math.max(LEAST_DEVICE_MTU, uplink.map(Link::mtu).orElse(LEAST_DEVICE_MTU));
    }

    /** Name of the interface toward the Internet, empty when there is no default route. */
    public synchronized Optional<String> uplink() {
        return uplink.map(Link::name);
    }

    /**
     * The networks that this host reaches without the server, as they are now.
     *
     * @throws LinuxException when the kernel does not tell
     */
    public synchronized HostNetworks hostNetworks() {
        return HostNetworks.read(rtnetlink, plan.tun());
    }

    /** What is not as the plan wants it, one sentence each. */
    public synchronized List<String> problems() {
        return closed ? List.of("the network is not set up") : inspect().stream().map(Repair::problem).toList();
    }

    /** From now on this process removes the network at its end. */
    public synchronized void own() {
        own = true;
    }

    /** Another process takes the network over: until {@link #wake} nothing is put right here. */
    public synchronized void rest() {
        resting = true;
    }

    /** No other process has taken it over. */
    public synchronized void wake() {
        resting = false;
    }

    /** Another process has taken it over: it stays as it is when this one is closed. */
    public synchronized void leave() {
        own = false;
    }

    /** Puts right what is not as the plan wants it; does nothing when all is. */
    public synchronized Healing heal() {
        List<String> repaired = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        if (!closed && !resting) {
            followLocalAddresses();
            for (Repair repair : inspect()) {
                run(repair).ifPresentOrElse(failed::add, () -> repaired.add(repair.problem()));
            }
        }
        return new Healing(repaired, failed);
    }

    private void followLocalAddresses() {
        try {
            LocalAddresses now = KernelAddresses.read(rtnetlink);
            if (!now.equals(localAddresses)) {
                localAddresses = now;
                addressListener.accept(now);
                updateTable();
            }
        } catch (LinuxException e) {
            LOG.warn("The last known addresses of this host count: {}", e.getMessage());
        }
    }

    /** Tells {@code listener} of the addresses that this host has, now and whenever a check finds others. */
    public synchronized void onLocalAddresses(Consumer<LocalAddresses> listener) {
        addressListener = listener;
        listener.accept(localAddresses);
    }

    @Override
    public void follow(NetworkPlan plan) {
        update(plan);
    }

    /**
     * Takes a new plan: other pools, users' networks, MTU or exclusions. Addresses that sessions still use must remain
     * among its clients.
     *
     * @throws IllegalArgumentException when the TUN device or its address differ, which cannot change live
     */
    public synchronized Healing update(NetworkPlan next) {
        if (!next.tun().equals(plan.tun()) || !next.localAddress().equals(plan.localAddress())) {
            throw new IllegalArgumentException("tun and localIP cannot change while the server" + " runs: " + plan.tun()
                    + " with " + plan.localAddress() + " stays");
        }
        plan = next;
        return heal();
    }

    /**
     * Routes a network to the clients while one more session wants it.
     *
     * @throws LinuxException when the kernel refuses, for instance because another interface has the network
     */
    @Override
    public synchronized void addRoute(Ipv4Prefix destination) {
        if (closed) {
            return;
        }
        if (!sessionRoutes.containsKey(destination) && !plan.clients().contains(destination)) {
            tun.find().ifPresent(link -> tun.addRoute(link, destination));
        }
        sessionRoutes.merge(destination, 1, Integer::sum);
        try {
            updateTable();
        } catch (LinuxException e) {
            removeRoute(destination);
            throw e;
        }
    }

    /** Follows what is no defect: another route of a client, another address of this host. */
    private void updateTable() {
        ServerTable.Rules rules = tableRules();
        if (!table.has(rules)) {
            table.apply(rules);
        }
    }

    /** Ends what one {@link #addRoute} began; the route goes with the last of them. */
    @Override
    public synchronized void removeRoute(Ipv4Prefix destination) {
        Integer sessions = sessionRoutes.get(destination);
        if (closed || sessions == null) {
            return;
        }
        if (sessions > 1) {
            sessionRoutes.put(destination, sessions - 1);
            return;
        }
        sessionRoutes.remove(destination);
        if (!plan.clients().contains(destination)) {
            tun.find().ifPresent(link -> tun.removeRoute(link, destination));
        }
        updateTable();
    }

    /**
     * A client is connected: with proxy ARP, hosts of the LAN that its address is in find it.
     *
     * @throws LinuxException when the kernel refuses
     */
    @Override
    public synchronized void addClient(Ipv4Address client) {
        if (!closed && plan.proxyArp()) {
            proxyArp.add(plan, client);
        }
    }

    /** Ends what {@link #addClient} began. */
    @Override
    public synchronized void removeClient(Ipv4Address client) {
        if (!closed && plan.proxyArp()) {
            proxyArp.remove(plan, client);
        }
    }

    /** Removes everything again, as far as the kernel lets it; doing so twice has no effect. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<Runnable> steps = own
                ? List.of(() -> proxyArp.close(plan), forwardChains::remove, table::remove, forwarding::restore,
                        tun::remove)
                : List.of();
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (LinuxException e) {
                LOG.warn("while removing the network of {}: {}", plan.tun(), e.getMessage());
            }
        }
        nftables.close();
        rtnetlink.close();
    }
}
