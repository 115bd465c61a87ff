package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.datapath.PacketSocketObstacle.Reason;
import io.pptpoperator.dataplane.linux.CpuAffinity;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.GreFilter;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.PacketSocket;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.XdpLink;
import io.pptpoperator.protocol.address.LocalAddresses;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves packets between one TUN device and the GRE of all clients, with one worker thread per TUN queue. A tunnel
 * belongs to the worker that its Call ID names. Its methods are for the control loop, but for the counters.
 */
public final class Datapath implements Tunnels, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Datapath.class);
    private static final int SOCKET_BUFFER_BYTES = 8 << 20;
    private static final int MAX_CALL_ID_TRIES = 1_000;

    final TunnelDirectory directory = new TunnelDirectory();
    private final LiveRules rules;
    private final DatapathOptions options;
    private final RandomGenerator random;
    private final Thread.UncaughtExceptionHandler onFailure;
    private final List<Worker> workers = new ArrayList<>();
    private final List<RawGreSocket> sockets = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<PacketSocket> packetSockets = new ArrayList<>();
    private final Optional<NextHops> nextHops;
    /** What keeps packets from packet sockets for good. */
    private final List<PacketSocketObstacle> lastingObstacles = new ArrayList<>();

    /**
     * Opens the GRE sockets; {@link #start} is what moves packets.
     *
     * @param tun the device; stays the caller's, and must be closed after this
     * @param controlLoop where tunnels' listeners are called
     * @param random chooses Call IDs
     * @param onFailure told when a worker has died: of a TUN device that was removed; no packet must cause it
     * @throws LinuxException when a socket cannot be opened
     */
    public Datapath(TunDevice tun, DatapathPolicy policy, DatapathOptions options, Executor controlLoop,
            RandomGenerator random, Thread.UncaughtExceptionHandler onFailure) {
        this(tun, List.of(), policy, options, controlLoop, random, onFailure);
    }

    /**
     * Takes over the GRE sockets of another process, which has stopped receiving from them.
     *
     * @param sockets by worker: one for each queue of the device; none to open new ones
     */
    public Datapath(TunDevice tun, List<RawGreSocket> sockets, DatapathPolicy policy, DatapathOptions options,
            Executor controlLoop, RandomGenerator random, Thread.UncaughtExceptionHandler onFailure) {
        this.rules = new LiveRules(policy);
        this.options = options;
        this.random = random;
        this.onFailure = onFailure;
        this.nextHops = watchNextHops(tun.queues().size());
        int count = tun.queues().size();
        List<EventFd> wakeUps = Stream.generate(EventFd::new).limit(count).toList();
        Worker.Shared shared = new Worker.Shared(directory, rules, new ControlLoop(controlLoop), new Handover(wakeUps));
        for (int i = 0; i < count; i++) {
            RawGreSocket socket = sockets.isEmpty()
                    ? RawGreSocket.open(SOCKET_BUFFER_BYTES, Optional.of(GreFilter.forWorker(i, count)))
                    : sockets.get(i);
            this.sockets.add(socket);
            workers.add(new Worker(i, shared, wakeUps.get(i), socket, openPacketSocket(), tun,
                    options.realTimePriority(), random));
        }
    }

    /** Starts the workers, in the network namespace of the calling thread; once. */
    public void start() {
        nextHops.ifPresent(NextHops::start);
        List<Integer> cpus = options.cpuAffinity() ? CpuAffinity.allowed() : List.of();
        for (Worker worker : workers) {
            Runnable run = workers.size() <= cpus.size() ? bound(worker, cpus.get(worker.index())) : worker;
            threads.add(Thread.ofPlatform()
                    .name("datapath-" + worker.index())
                    .uncaughtExceptionHandler(onFailure)
                    .start(run));
        }
    }

    private static Runnable bound(Worker worker, int cpu) {
        return () -> {
            int result = CpuAffinity.pinCurrentThread(cpu);
            if (result < 0) {
                LOG.warn("Worker {} runs on any CPU: it cannot be bound to CPU {} ({})", worker.index(), cpu,
                        Errno.describe(-result));
            }
            worker.run();
        };
    }

    private Optional<NextHops> watchNextHops(int count) {
        if (options.packetSockets() == PacketSocketUse.OFF) {
            lastingObstacles.add(new PacketSocketObstacle(Reason.OFF, "packet sockets are switched off"));
            return Optional.empty();
        }
        try {
            return Optional.of(NextHops.open(options, count, this::retire));
        } catch (LinuxException e) {
            LOG.warn("GRE leaves through raw sockets only: {}", e.getMessage());
            lastingObstacles.add(new PacketSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
            return Optional.empty();
        }
    }

    /** Closes a link's sockets once every worker has sent what it has for them. */
    private void retire(XdpLink sockets) {
        AtomicInteger users = new AtomicInteger(workers.size());
        workers.forEach(worker -> worker.execute(() -> {
            worker.forgetSockets();
            if (users.decrementAndGet() == 0) {
                sockets.close();
            }
        }));
    }

    private Optional<PacketSocket> openPacketSocket() {
        if (nextHops.isEmpty()) {
            return Optional.empty();
        }
        try {
            PacketSocket socket = PacketSocket.open(SOCKET_BUFFER_BYTES);
            packetSockets.add(socket);
            return Optional.of(socket);
        } catch (LinuxException e) {
            LOG.warn("GRE leaves through a raw socket only: {}", e.getMessage());
            lastingObstacles.add(new PacketSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
            return Optional.empty();
        }
    }

    /** The way to a tunnel's peer; what is opened is to be given back by {@link #release}. */
    private PeerPath pathTo(TunnelSpec spec) {
        return nextHops.map(known -> known.open(spec.peer(), spec.local()))
                .orElseGet(() -> new PeerPath(spec.peer(), spec.local()));
    }

    private void release(PeerPath path) {
        nextHops.ifPresent(known -> known.release(path));
    }

    /** Replaces the server-wide rules, from the next packet on. */
    public void policy(DatapathPolicy changed) {
        rules.policy(changed);
    }

    /** Takes the addresses that this host has from now on, which clients reach only as far as the policy opens them. */
    public void localAddresses(LocalAddresses changed) {
        rules.localAddresses(changed);
    }

    @Override
    public Optional<Tunnel> open(TunnelSpec spec, TunnelListener listener) {
        return dial(spec, listener).map(tunnel -> tunnel);
    }

    /** Like {@link #open}, for a client. */
    public Optional<DialedTunnel> dial(TunnelSpec spec, TunnelListener listener) {
        int callId = freeCallId();
        if (callId == 0) {
            return Optional.empty();
        }
        Worker worker = workers.get(callId % workers.size());
        ReceiveWindow window = new ReceiveWindow(worker.slab(), spec.reorderPackets(), spec.reorderDelay());
        WorkerTunnel tunnel = new WorkerTunnel(spec, callId, worker.index(), pathTo(spec), window, listener);
        directory.add(tunnel);
        return Optional.of(new TunnelHandle(tunnel, worker, directory, this::release));
    }

    @Override
    public Tunnel takeOver(TunnelSpec spec, TunnelSnapshot before, TunnelListener listener) {
        Worker worker = workers.get(before.callId() % workers.size());
        ReceiveWindow window = new ReceiveWindow(worker.slab(), spec.reorderPackets(), spec.reorderDelay());
        WorkerTunnel tunnel = new WorkerTunnel(spec, before, worker.index(), pathTo(spec), window, listener,
                MonotonicClock.millis());
        directory.add(tunnel);
        worker.execute(() -> worker.takeOver(tunnel));
        return new TunnelHandle(tunnel, worker, directory, this::release);
    }

    /**
     * Has all workers stand still, so that {@link Tunnel#snapshot} may be asked for.
     *
     * @throws IllegalStateException when one does not stop in time; then all go on
     */
    public DatapathRest rest(Duration patience) {
        return DatapathRest.of(workers, patience);
    }

    /** Goes on counting where another process was; before {@link #start}. */
    public void goOn(TrafficCounters.Snapshot traffic, Map<DropCause, Long> drops) {
        workers.getFirst().goOn(traffic, drops);
    }

    /** The descriptors of the GRE sockets, by worker. */
    public List<Integer> descriptors() {
        return sockets.stream().map(RawGreSocket::fd).toList();
    }

    private int freeCallId() {
        for (int i = 0; i < MAX_CALL_ID_TRIES; i++) {
            int callId = random.nextInt(1, CallTable.capacity() + 1);
            if (!directory.contains(callId)) {
                return callId;
            }
        }
        return 0;
    }

    /** Packets dropped for this cause so far, by all workers. */
    public long drops(DropCause cause) {
        return workers.stream().mapToLong(worker -> worker.drops(cause)).sum();
    }

    /** A counter of all tunnels together, past ones included. */
    public long total(ToLongFunction<TrafficCounters> counter) {
        return workers.stream().map(Worker::traffic).mapToLong(counter).sum();
    }

    /** GRE packets that left this way so far. */
    public long sent(SendingPath path) {
        return workers.stream().mapToLong(worker -> worker.sent(path)).sum();
    }

    /** What keeps packets, to all peers or to some, from packet sockets now. For any thread. */
    public List<PacketSocketObstacle> packetSocketObstacles() {
        List<PacketSocketObstacle> all = new ArrayList<>(lastingObstacles);
        nextHops.ifPresent(known -> all.addAll(known.obstacles()));
        return all;
    }

    /** What keeps packets that packet sockets may take from XDP sockets now. For any thread. */
    public List<XdpSocketObstacle> xdpSocketObstacles() {
        return nextHops.map(NextHops::xdpObstacles)
                .orElseGet(() -> List.of(new XdpSocketObstacle(XdpSocketObstacle.Reason.OFF,
                        "XDP sockets are for what packet sockets may take, and those are not used")));
    }

    /** Whether all workers run. */
    public boolean isRunning() {
        return !threads.isEmpty() && threads.stream().allMatch(Thread::isAlive);
    }

    /** Sends what is queued, stops the workers and closes the sockets. */
    @Override
    public void close() {
        workers.forEach(Worker::stop);
        threads.forEach(ThreadEnd::await);
        workers.forEach(Worker::close);
        nextHops.ifPresent(NextHops::close);
        packetSockets.forEach(PacketSocket::close);
    }
}
