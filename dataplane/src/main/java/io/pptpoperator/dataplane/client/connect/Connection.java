package io.pptpoperator.dataplane.client.connect;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.client.ClientAction;
import io.pptpoperator.dataplane.client.ClientSettings;
import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.DialObserver;
import io.pptpoperator.dataplane.client.Dialer;
import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.dataplane.client.Trace;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.datapath.DatapathPolicy;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.dataplane.network.TunnelMtu;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Keeps one server connected: dials, sets the host's network up while a session lasts, takes all of it back when it
 * ends, and dials again. It lives on one event loop.
 */
final class Connection {

    private final ConnectPlan plan;
    private final EventLoop loop;
    private final Datapath datapath;
    private final Rtnetlink rtnetlink;
    private final Link tun;
    private final ClientNetwork network;
    private final ResolverFile resolver;
    private final Redial redial;
    private final SecureRandom random = new SecureRandom();
    private final Consumer<String> messages;
    private final CompletableFuture<Boolean> finished = new CompletableFuture<>();
    private Dialer dialer;
    private Ipv4Address server;
    private boolean stopping;
    private boolean failed;

    /**
     * Nothing happens before {@link #start}.
     *
     * @param tun the datapath's TUN device
     * @param messages takes lines for the user
     */
    Connection(ConnectPlan plan, EventLoop loop, Datapath datapath, Rtnetlink rtnetlink, Link tun,
            ResolverFile resolver, Redial redial, Consumer<String> messages) {
        this.plan = plan;
        this.loop = loop;
        this.datapath = datapath;
        this.rtnetlink = rtnetlink;
        this.tun = tun;
        this.network = new ClientNetwork(rtnetlink, tun);
        this.resolver = resolver;
        this.redial = redial;
        this.messages = messages;
    }

    /** Dials. For any thread. */
    CompletableFuture<Boolean> start() {
        loop.execute(this::dial);
        return finished;
    }

    /** Hangs up and dials no more. For any thread; {@link #start}'s future tells when nothing is left behind. */
    void stop() {
        loop.execute(() -> {
            stopping = true;
            if (dialer != null) {
                dialer.hangUp("User request");
            } else {
                finish(true);
            }
        });
    }

    /** Ends at once what {@link #stop} has not ended yet. For any thread. */
    void abandon() {
        loop.execute(() -> {
            if (dialer != null) {
                dialer.abandon();
            }
        });
    }

    /** The session ended by a failure in the host, of which there is nobody to tell but the user. */
    void fail(String why) {
        loop.execute(() -> giveUp(why));
    }

    private void dial() {
        if (stopping) {
            return;
        }
        try {
            server = Destination.resolve(plan.server());
        } catch (UnknownHostException e) {
            ended(new SessionEnd(Optional.of(LoginStep.TCP), Optional.empty(), Optional.empty(),
                    "the name " + plan.server() + " does not resolve: " + e.getMessage()));
            return;
        }
        messages.accept("dialling " + plan.server() + " (" + server + ")");
        ClientSettings usual = ClientSettings.of(plan.login(), plan.encryption());
        ClientSettings settings = new ClientSettings(usual.login(), usual.encryption(),
                TunnelMtu.forUplink(ClientNetwork.uplinkMtu(rtnetlink, server)), usual.echo(), usual.timers(),
                usual.replyTimeout());
        dialer = Dialer.start(loop, Destination.of(server, plan.port()), settings, datapath::dial, random,
                new Follower());
    }

    private void up(AddressPlan addresses) {
        datapath.policy(DatapathPolicy.ofClient(addresses.ourAddress()));
        try {
            network.up(server, addresses, dialer.mtu(), routes(addresses));
        } catch (LinuxException e) {
            giveUp(e.getMessage());
            return;
        }
        messages.accept("connected as " + plan.login().username() + ": " + addresses.ourAddress() + " on " + tun.name()
                + ", server " + addresses.peerAddress() + ", MTU " + dialer.mtu() + ", "
                + dialer.encryption().map(Object::toString).orElse("NOT ENCRYPTED"));
        if (!plan.routes().isEmpty()) {
            messages.accept("routed into the tunnel: " + plan.routes()
                    .stream()
                    .map(route -> route.length() == 0 ? "everything" : route.toString())
                    .collect(Collectors.joining(", ")));
        }
        nameServers(addresses.dns());
    }

    /** Name servers that are to be asked are reached through the tunnel, whatever else is. */
    private List<Ipv4Prefix> routes(AddressPlan addresses) {
        List<Ipv4Prefix> routes = new ArrayList<>(plan.routes());
        if (plan.dns() == DnsMode.APPLY) {
            addresses.dns()
                    .stream()
                    .filter(dns -> !dns.equals(server) && routes.stream().noneMatch(route -> route.contains(dns)))
                    .forEach(dns -> routes.add(new Ipv4Prefix(dns, 32)));
        }
        return routes;
    }

    private void nameServers(List<Ipv4Address> servers) {
        if (servers.isEmpty()) {
            return;
        }
        String list = servers.stream().map(Ipv4Address::toString).collect(Collectors.joining(", "));
        switch (plan.dns()) {
            case PRINT -> messages.accept("name servers: " + list + " (not used; --dns apply uses them)");
            case APPLY -> {
                try {
                    messages.accept(resolver.apply(servers, tun.index())
                            ? "name servers: " + list
                            : "name servers: " + list + " (not used: those of another tunnel are in use)");
                } catch (IOException e) {
                    messages.accept("name servers: " + list + " (not used: " + e.getMessage() + ")");
                }
            }
        }
    }

    private void down() {
        try {
            resolver.restore(tun.index());
        } catch (IOException e) {
            messages.accept("the name servers could not be put back: " + e.getMessage());
        }
        try {
            network.down();
        } catch (LinuxException e) {
            messages.accept(e.getMessage());
        }
    }

    private void giveUp(String why) {
        messages.accept("giving up: " + why);
        stopping = true;
        failed = true;
        down();
        if (dialer != null) {
            dialer.hangUp(why);
        } else {
            finish(false);
        }
    }

    private void ended(SessionEnd end) {
        dialer = null;
        down();
        if (stopping) {
            messages.accept("disconnected");
            finish(!failed);
            return;
        }
        messages.accept((end.missing().isEmpty() ? "the connection ended: " : "not connected: ") + end.detail());
        switch (redial.after(end)) {
            case Redial.Decision.Never() -> finish(false);
            case Redial.Decision.Again(long delay) -> {
                messages.accept("dialling again in " + (delay + 999) / 1000 + " s");
                loop.schedule(this::dial, delay, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void finish(boolean wanted) {
        finished.complete(wanted);
    }

    /** What the session tells. */
    private final class Follower implements DialObserver {

        @Override
        public void received(ControlFrame frame) {
            trace(Trace.received(frame));
        }

        @Override
        public void received(byte[] pppFrame) {
            trace(Trace.received(pppFrame));
        }

        private void trace(String text) {
            if (plan.verbose()) {
                messages.accept(text);
            }
        }

        @Override
        public void observed(ClientAction action) {
            Trace.sent(action).ifPresent(this::trace);
            switch (action) {
                case ClientAction.Link(LinkAction.NetworkUp(AddressPlan addresses)) -> up(addresses);
                case ClientAction.Link(LinkAction.NetworkDown()) -> down();
                case ClientAction.Link(LinkAction.Note(String text)) -> messages.accept(text);
                case ClientAction.Note(String text) -> messages.accept(text);
                case ClientAction.Ended(SessionEnd end) -> ended(end);
                default -> {
                }
            }
        }
    }
}
