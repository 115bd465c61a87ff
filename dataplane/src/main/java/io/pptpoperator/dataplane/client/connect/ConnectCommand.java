package io.pptpoperator.dataplane.client.connect;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.LoginOptions;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.datapath.DatapathOptions;
import io.pptpoperator.dataplane.datapath.DatapathPolicy;
import io.pptpoperator.dataplane.datapath.PacketSocketUse;
import io.pptpoperator.dataplane.datapath.XdpSocketUse;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.HostChecks;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code connect}: the VPN client. */
@Command(name = "connect", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Connects this machine to a PPTP server until it is told to stop (Ctrl-C), and dials again when the"
                + " connection is lost.",
        footer = {"", "Example: everything through the tunnel, names included:",
                "  pptp-dataplane connect vpn.example.net --user alice --route default --dns apply"})
public final class ConnectCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MOST_TUN_NAMES = 64;
    /** Milliseconds to end the session in order; a container has ten seconds in all. */
    private static final long ORDERLY_END = 3_000;
    private static final long LEFT_BEHIND = 2_000;

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SERVER", description = "name or IPv4 address of the server")
    private String server;

    @Option(names = "--user", required = true, paramLabel = "NAME",
            description = "who logs in; DOMAIN\\\\name works too")
    private String user;

    @Mixin
    private LoginOptions login;

    @Option(names = "--route", split = ",", paramLabel = "NETWORK",
            description = "route a network such as 10.0.0.0/8 into the tunnel, or 'default' for everything; may be"
                    + " repeated (without it, only the server's end of the link is reached)")
    private List<String> routes = List.of();

    @Option(names = "--dns", paramLabel = "MODE",
            description = "print the server's name servers, or apply them to /etc/resolv.conf while connected"
                    + " (default: print)")
    private DnsMode dns = DnsMode.PRINT;

    @Option(names = "--resolv-conf", paramLabel = "FILE",
            description = "the file for --dns apply (default: ${DEFAULT-VALUE})", defaultValue = "/etc/resolv.conf")
    private Path resolvConf;

    @Option(names = "--tun", paramLabel = "NAME",
            description = "name of the TUN device (default: the first free of" + " pptp0, pptp1 …)")
    private String tunName;

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port (default: ${DEFAULT-VALUE})",
            defaultValue = "" + Destination.PORT)
    private int port;

    @Option(names = "--xdp", description = "send through XDP sockets where packet sockets may be used and the network"
            + " interface has nothing at its egress that they would pass by")
    private boolean xdp;

    @Option(names = "--realtime", description = "run ahead of this machine's ordinary programs, as a server with"
            + " realtimePriority Auto does (CAP_SYS_NICE)")
    private boolean realTime;

    @Option(names = "--persist", description = "go on dialling although the first attempt fails")
    private boolean persist;

    @Option(names = {"-v", "--verbose"}, description = "print decoded packets; never what proves the password")
    private boolean verbose;

    @Override
    public Integer call() {
        List<String> problems = HostChecks.problems();
        if (!problems.isEmpty()) {
            problems.forEach(this::complain);
            return FAILED;
        }
        ConnectPlan plan = new ConnectPlan(server, port, login.login(user), login.encryption(), prefixes(), dns,
                verbose);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            ResolverFile resolver = new ResolverFile(resolvConf);
            tidyUp(rtnetlink, resolver);
            try (TunDevice tun = openTun(rtnetlink)) {
                return run(plan, group.next(), rtnetlink, tun, resolver) ? 0 : FAILED;
            }
        } catch (LinuxException e) {
            complain(e.getMessage());
            return FAILED;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private boolean run(ConnectPlan plan, EventLoop loop, Rtnetlink rtnetlink, TunDevice tun, ResolverFile resolver) {
        Link link = rtnetlink.link(tun.name()).orElseThrow();
        SecureRandom random = new SecureRandom();
        CompletableFuture<String> died = new CompletableFuture<>();
        try (Datapath datapath = new Datapath(tun, DatapathPolicy.ofClient(Ipv4Address.ANY),
                new DatapathOptions(PacketSocketUse.AUTO, xdp ? XdpSocketUse.AUTO : XdpSocketUse.OFF, realTime, false),
                loop, random, (thread, failure) -> died.complete(thread.getName() + " failed: " + failure))) {
            datapath.start();
            Connection connection = new Connection(plan, loop, datapath, rtnetlink, link, resolver,
                    new Redial(persist, random), this::say);
            died.thenAccept(connection::fail);
            CompletableFuture<Boolean> finished = connection.start();
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("hang-up").unstarted(() -> hangUp(connection, finished)));
            return finished.join();
        }
    }

    /** On Ctrl-C and SIGTERM; when the connection has ended by itself there is nothing to do any more. */
    private static void hangUp(Connection connection, CompletableFuture<Boolean> finished) {
        if (finished.isDone()) {
            return;
        }
        connection.stop();
        if (!endsWithin(finished, ORDERLY_END)) {
            connection.abandon();
            endsWithin(finished, LEFT_BEHIND);
        }
    }

    private static boolean endsWithin(CompletableFuture<Boolean> finished, long millis) {
        try {
            finished.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private List<Ipv4Prefix> prefixes() {
        try {
            return routes.stream()
                    .map(text -> text.equals("default") ? new Ipv4Prefix(Ipv4Address.ANY, 0) : Ipv4Prefix.parse(text))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--route: " + e.getMessage(), e);
        }
    }

    /** What a client left behind that was killed. */
    private void tidyUp(Rtnetlink rtnetlink, ResolverFile resolver) {
        int routesLeft = ClientNetwork.removeLeftovers(rtnetlink);
        if (routesLeft > 0) {
            say("removed " + routesLeft + " route(s) that a killed client left behind");
        }
        Set<Integer> interfaces = rtnetlink.links().stream().map(Link::index).collect(Collectors.toSet());
        try {
            if (resolver.restoreLeftover(interfaces::contains)) {
                say("put " + resolvConf + " back, which a killed client left behind");
            }
        } catch (IOException e) {
            complain(resolvConf + " could not be put back: " + e.getMessage());
        }
    }

    private TunDevice openTun(Rtnetlink rtnetlink) {
        if (tunName != null) {
            return TunDevice.open(tunName, 1, TunDevice.Offload.TCP_AND_UDP);
        }
        Set<String> taken = rtnetlink.links().stream().map(Link::name).collect(Collectors.toSet());
        for (int number = 0; number < MOST_TUN_NAMES; number++) {
            String name = "pptp" + number;
            if (!taken.contains(name)) {
                try {
                    return TunDevice.open(name, 1, TunDevice.Offload.TCP_AND_UDP);
                } catch (LinuxException e) {
                    // Another client that starts now may have been faster.
                    if (e.errno() != Errno.EBUSY) {
                        throw e;
                    }
                }
            }
        }
        throw new ParameterException(command.commandLine(),
                "pptp0 to pptp" + (MOST_TUN_NAMES - 1) + " are all taken: choose a name with --tun");
    }

    private void say(String line) {
        PrintWriter out = command.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private void complain(String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println("pptp-dataplane: " + line);
        err.flush();
    }
}
