package io.pptpoperator.dataplane.client.load;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.pptpoperator.dataplane.client.ClientSettings;
import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.LoginOptions;
import io.pptpoperator.dataplane.client.gre.GreEndpoint;
import io.pptpoperator.dataplane.client.gre.Impairment;
import io.pptpoperator.dataplane.config.setting.DurationText;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code load}: many simulated clients. */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Simulates many clients of a PPTP server from this one process, without TUN devices, and measures"
                + " how long their logins and packets take. Needs CAP_NET_RAW. Meant for servers of your own.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every login succeeded and every session lasted", "1:the run itself failed", "2:wrong usage",
                "3:logins failed or sessions were dropped"},
        footer = {"", "Examples:", "  1000 logins a second for half a minute, each client leaving at once:",
                "    pptp-dataplane load 192.0.2.1 --users load%%04d --clients 2000 --rate 1000 --stay 0s --duration 30s",
                "  500 clients that stay and ping ten times a second, over a bad network:",
                "    pptp-dataplane load 192.0.2.1 --users users.txt --clients 500 --rate 50 --duration 2m --ping"
                        + " --packets 10 --loss 1 --reorder 1"})
public final class LoadCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int LOGINS_FAILED = 3;
    private static final int CONNECT_TIMEOUT = 10_000;
    private static final long REPLY_TIME = 10_000;
    private static final double PERCENT = 100;
    /** Beyond that there are no Call IDs. */
    private static final int MOST_CLIENTS = 60_000;
    /** Seconds that a run may take to end after Ctrl-C. */
    private static final int MOST_ENDING = 60;
    private static final int LARGEST_PACKET = 1396;

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SERVER", description = "name or IPv4 address of the server")
    private String server;

    @Option(names = "--users", required = true, paramLabel = "FILE|PATTERN",
            description = "file with a line 'name password' for each user, or a pattern such as load%%04d, numbered from 0,"
                    + " whose users all have the password of --password-file or the environment")
    private String users;

    @Mixin
    private LoginOptions login;

    @Option(names = "--clients", paramLabel = "N",
            description = "how many clients there are (default: ${DEFAULT-VALUE})", defaultValue = "100")
    private int clients;

    @Option(names = "--rate", paramLabel = "LOGINS", description = "logins per second (default: ${DEFAULT-VALUE})",
            defaultValue = "50")
    private double rate;

    @Option(names = "--duration", paramLabel = "TIME", converter = Time.class,
            description = "how long logins begin, such as 30s or 5m (default: ${DEFAULT-VALUE})", defaultValue = "30s")
    private Duration duration;

    @Option(names = "--warm-up", paramLabel = "TIME", converter = Time.class,
            description = "before that: logins whose times do not count, since everything is slower at first"
                    + " (default: ${DEFAULT-VALUE})",
            defaultValue = "0s")
    private Duration warmUp;

    @Option(names = "--stay", paramLabel = "TIME", converter = Time.class,
            description = "how long a client stays connected, half of it more or less; then it logs in again"
                    + " (default: until the end)")
    private Duration stay;

    @Option(names = "--think", paramLabel = "TIME", converter = Time.class,
            description = "how long a client pauses before it logs in again, half of it more or less"
                    + " (default: ${DEFAULT-VALUE})",
            defaultValue = "0s")
    private Duration think;

    @Option(names = "--abandon", paramLabel = "PERCENT",
            description = "share of the sessions that end without a word, as when a laptop loses its network"
                    + " (default: ${DEFAULT-VALUE})",
            defaultValue = "0")
    private double abandon;

    @Option(names = "--ping", paramLabel = "ADDRESS", arity = "0..1", fallbackValue = "",
            description = "connected clients ping this address through the tunnel; without one, the server's end of the link")
    private String ping;

    @Option(names = "--udp", paramLabel = "ADDRESS:PORT",
            description = "connected clients send UDP there; what an echo service sends back is measured")
    private String udp;

    @Option(names = "--packets", paramLabel = "N",
            description = "packets per second of each client with --ping or --udp (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private double packets;

    @Option(names = "--size", paramLabel = "BYTES", description = "of each such IP packet (default: ${DEFAULT-VALUE})",
            defaultValue = "84")
    private int size;

    @Option(names = "--loss", paramLabel = "PERCENT",
            description = "share of the GRE packets that get lost, in each" + " direction (default: ${DEFAULT-VALUE})",
            defaultValue = "0")
    private double loss;

    @Option(names = "--reorder", paramLabel = "PERCENT", description = "share of the GRE packets that are overtaken, in"
            + " each direction (default: ${DEFAULT-VALUE})", defaultValue = "0")
    private double reorder;

    @Option(names = "--reorder-delay", paramLabel = "MS",
            description = "how late those are (default: ${DEFAULT-VALUE})", defaultValue = "5")
    private int reorderDelay;

    @Option(names = "--source", split = ",", paramLabel = "ADDRESS",
            description = "addresses of this machine to connect from, in turn; may be repeated")
    private List<String> sources = List.of();

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port (default: ${DEFAULT-VALUE})",
            defaultValue = "" + Destination.PORT)
    private int port;

    @Option(names = "--json", description = "print the summary as one JSON object, and no progress")
    private boolean json;

    @Option(names = "--interval", paramLabel = "TIME", converter = Time.class,
            description = "between two lines of progress (default: ${DEFAULT-VALUE})", defaultValue = "1s")
    private Duration interval;

    /** Reads {@code 30s} and the like. */
    static final class Time implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                return DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() {
        LoadPlan plan = plan();
        LoadUsers who = users();
        EncryptionSettings encryption = login.encryption();
        Ipv4Address address = resolve();
        Impairment impairment = impairment();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        EventLoop loop = group.next();
        CompletableFuture<Void> reported = new CompletableFuture<>();
        SplittableRandom dice = new SplittableRandom();
        try (GreEndpoint endpoint = new GreEndpoint(loop, dice.split(), impairment)) {
            SimulatedClient.Shared shared = new SimulatedClient.Shared(plan, loop, endpoint, new SecureRandom(), dice,
                    new LoadStats());
            LoadRun run = new LoadRun(shared, number -> settings(who.ofClient(number), encryption),
                    number -> new Destination(address, port, plan.source(number), CONNECT_TIMEOUT, true));
            LoadSummary summary = follow(run, reported);
            if (json) {
                say(summary.json());
            } else {
                say("");
                summary.lines().forEach(this::say);
                if (endpoint.kernelDrops() + endpoint.sendFailures() > 0) {
                    say("this host dropped " + endpoint.kernelDrops() + " GRE packets on receipt and "
                            + endpoint.sendFailures() + " on sending: it is the bottleneck");
                }
            }
            reported.complete(null);
            return summary.clean() ? 0 : LOGINS_FAILED;
        } catch (LinuxException e) {
            reported.complete(null);
            PrintWriter err = command.commandLine().getErr();
            err.println("pptp-dataplane: " + e.getMessage());
            err.flush();
            return FAILED;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private ClientSettings settings(LoadUsers.User user, EncryptionSettings encryption) {
        return new ClientSettings(Optional.of(login.login(user.name(), user.password())), encryption,
                ClientSettings.USUAL_MRU, EchoSettings.OFF, LinkTimers.STANDARD, REPLY_TIME);
    }

    /** Shows progress until the run is over; Ctrl-C ends it early, and in order. */
    private LoadSummary follow(LoadRun run, CompletableFuture<Void> reported) {
        CompletableFuture<LoadSummary> finished = run.start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("end-early").unstarted(() -> {
            if (!reported.isDone()) {
                run.stop();
                reported.completeOnTimeout(null, MOST_ENDING, TimeUnit.SECONDS).join();
            }
        }));
        try {
            long started = System.nanoTime();
            long last = started;
            while (true) {
                try {
                    return finished.get(interval.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long now = System.nanoTime();
                    LoadInterval view = run.interval();
                    if (!json) {
                        say(view.line(TimeUnit.NANOSECONDS.toSeconds(now - started), (now - last) / 1e9));
                    }
                    last = now;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts the main thread", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the run failed", e.getCause());
        }
    }

    private LoadPlan plan() {
        require(clients >= 1 && clients <= MOST_CLIENTS, "--clients must be 1 to " + MOST_CLIENTS);
        require(rate > 0, "--rate must be positive");
        require(abandon >= 0 && abandon <= PERCENT, "--abandon must be 0 to 100");
        require(packets > 0 && packets <= 1000, "--packets must be more than 0 and at most 1000");
        require(size >= TrafficPacket.MIN_LENGTH && size <= LARGEST_PACKET,
                "--size must be " + TrafficPacket.MIN_LENGTH + " to " + LARGEST_PACKET);
        require(ping == null || udp == null, "use --ping or --udp, not both");
        require(!interval.isZero(), "--interval must be positive");
        return new LoadPlan(clients, rate, warmUp.toNanos(), duration.toNanos(),
                Optional.ofNullable(stay).map(Duration::toNanos), think.toNanos(), abandon / PERCENT, traffic(),
                addresses(sources));
    }

    private Optional<TrafficPlan> traffic() {
        long nanos = (long) (1e9 / packets);
        if (ping != null) {
            Optional<Ipv4Address> target = ping.isEmpty()
                    ? Optional.empty()
                    : addresses(List.of(ping)).stream().findFirst();
            return Optional.of(new TrafficPlan(target, OptionalInt.empty(), nanos, size));
        }
        if (udp != null) {
            int colon = udp.lastIndexOf(':');
            require(colon > 0 && udp.substring(colon + 1).matches("[1-9][0-9]{0,4}"),
                    "--udp needs an address and a port such as 192.0.2.9:7");
            return Optional.of(new TrafficPlan(addresses(List.of(udp.substring(0, colon))).stream().findFirst(),
                    OptionalInt.of(Integer.parseInt(udp.substring(colon + 1))), nanos, size));
        }
        return Optional.empty();
    }

    private Impairment impairment() {
        try {
            return new Impairment(loss / PERCENT, reorder / PERCENT, reorderDelay);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private LoadUsers users() {
        try {
            return LoadUsers.of(users, clients, () -> login.password(users));
        } catch (IllegalArgumentException | IOException e) {
            throw new ParameterException(command.commandLine(), "--users " + users + ": " + e.getMessage(), e);
        }
    }

    private List<Ipv4Address> addresses(List<String> texts) {
        try {
            List<Ipv4Address> addresses = new ArrayList<>();
            texts.forEach(text -> addresses.add(Ipv4Address.parse(text)));
            return addresses;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private Ipv4Address resolve() {
        try {
            return Destination.resolve(server);
        } catch (UnknownHostException e) {
            throw new ParameterException(command.commandLine(), server + " does not resolve: " + e.getMessage(), e);
        }
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(command.commandLine(), message);
        }
    }

    private void say(String line) {
        PrintWriter out = command.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
