package io.pptpoperator.dataplane.server;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.admin.AdminServer;
import io.pptpoperator.dataplane.admin.metrics.MetricSources;
import io.pptpoperator.dataplane.admin.metrics.ServerMetrics;
import io.pptpoperator.dataplane.config.ConfigException;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.LiveChange;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.datapath.DatapathPolicy;
import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.ppp.link.TerminationReason;
import io.pptpoperator.dataplane.session.Refusal;
import io.pptpoperator.dataplane.session.Sessions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: one TUN device, the datapath's workers, and one control loop on which every control connection,
 * PPP link and session lives.
 */
public final class PptpServer {
    private static final Logger LOG = LoggerFactory.getLogger(PptpServer.class);
    private static final long SWEEP_MILLIS = 250;
    private static final long DRAIN_POLL_MILLIS = 50;
    /** What an orderly end takes at most: a session's termination, then the wait for Stop-Control-Connection-Reply. */
    private static final Duration END_OF_SESSIONS = Duration.ofSeconds(6);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("control"),
            NioIoHandler.newFactory());
    private final EventLoop controlLoop = group.next();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean draining = new AtomicBoolean();
    /** What was started, to be closed in the opposite order. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final ServerEvents events = new ServerEvents(InstantSource.system());

    private volatile Configuration configuration;
    private ServerLink link;
    private Datapath datapath;
    private Sessions sessions;
    private ControlListener listener;
    private ServerMetrics metrics;

    private PptpServer(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * Starts a server.
     *
     * @throws StartupException when something that it needs is missing, with a line for each reason
     * @throws io.pptpoperator.dataplane.linux.LinuxException when the kernel refuses, saying what to do
     */
    public static PptpServer start(Configuration configuration) {
        PptpServer server = new PptpServer(configuration);
        try {
            server.startParts();
            return server;
        } catch (RuntimeException e) {
            server.closeParts();
            throw e;
        }
    }
}
