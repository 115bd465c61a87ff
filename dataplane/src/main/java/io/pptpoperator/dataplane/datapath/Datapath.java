package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.datapath.PacketSocketObstacle.Reason;
import io.pptpoperator.dataplane.linux.CpuAffinity;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.GreFilter;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.PacketSocket;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.address.AddressSet;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.LocalAddresses;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.ip.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves packets between one TUN device and the GRE of all clients, with one worker thread per TUN queue. A tunnel
 * belongs to the worker that its Call ID names. Its methods are for the control loop, but for the counters.
 */
public final class Datapath implements Tunnels, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Datapath.class);
    private static final int SOCKET_BUFFER_BYTES = 8 << 20;
    private static final int REORDER_SLOTS = 4_096;
    private static final int REORDER_SLOT_BYTES = 1_600;
    private static final int MAX_CALL_ID_TRIES = 1_000;

    private final CallTable calls = new CallTable();
    private final RoutingTable<WorkerTunnel> routes = new RoutingTable<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<PacketSocket> packetSockets = new ArrayList<>();
    private final Optional<NextHops> nextHops;
    /** What keeps packets from packet sockets for good. */
    private final List<PacketSocketObstacle> lastingObstacles = new ArrayList<>();
    private final Executor controlLoop;
    private final RandomGenerator random;
    private volatile DatapathPolicy policy;
    private volatile LocalAddresses localAddresses = LocalAddresses.NONE;
    /** Our ends of all tunnels, with the number of tunnels of each; written under its lock, rarely. */
    private final Map<Ipv4Address, Integer> tunnelEnds = new HashMap<>();
    private volatile AddressSet tunnelEndSet = AddressSet.EMPTY;

    /**
     * Opens the GRE sockets and starts the workers.
     *
     * @param tun the device; stays the caller's, and must be closed after this
     * @param controlLoop where tunnels' listeners are called
     * @param random chooses Call IDs
     * @param onFailure told when a worker has died: of a TUN device that was removed; no packet must cause it
     * @throws LinuxException when a socket cannot be opened
     */
    public Datapath(TunDevice tun, DatapathPolicy policy, DatapathOptions options, Executor controlLoop,
            RandomGenerator random, Thread.UncaughtExceptionHandler onFailure) {
        this.policy = policy;
        this.controlLoop = controlLoop;
        this.random = random;
        this.nextHops = watchNextHops(options.packetSockets());
        int count = tun.queues().size();
        for (int i = 0; i < count; i++) {
            RawGreSocket socket = RawGreSocket.open(SOCKET_BUFFER_BYTES, Optional.of(GreFilter.forWorker(i, count)));
            workers.add(new Worker(i, this, socket, openPacketSocket(), tun,
                    new ReorderSlab(REORDER_SLOTS, REORDER_SLOT_BYTES), options.precedence()));
        }
        for (Worker worker : workers) {
            worker.linkTo(workers);
        }
        List<Integer> cpus = options.pinned() ? CpuAffinity.allowed() : List.of();
        for (Worker worker : workers) {
            Runnable run = count <= cpus.size() ? pinned(worker, cpus.get(worker.index())) : worker;
            Thread thread = Thread.ofPlatform()
                    .name("datapath-" + worker.index())
                    .uncaughtExceptionHandler(onFailure)
                    .unstarted(run);
            threads.add(thread);
            thread.start();
        }
    }

    private static Runnable pinned(Worker worker, int cpu) {
        return () -> {
            int result = CpuAffinity.pinCurrentThread(cpu);
            if (result < 0) {
                LOG.warn("Worker {} runs on any CPU: it cannot be bound to CPU {} ({})", worker.index(), cpu,
                        Errno.describe(-result));
            }
            worker.run();
        };
    }

    private Optional<NextHops> watchNextHops(PacketSocketUse use) {
        if (use == PacketSocketUse.OFF) {
            lastingObstacles.add(new PacketSocketObstacle(Reason.OFF, "packet sockets are switched off"));
            return Optional.empty();
        }
        try {
            return Optional.of(NextHops.start(use));
        } catch (LinuxException e) {
            LOG.warn("GRE leaves through raw sockets only: {}", e.getMessage());
            lastingObstacles.add(new PacketSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
            return Optional.empty();
        }
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

    /** For tunnels that end. */
    void release(PeerPath path) {
        countTunnelEnd(path.local(), -1);
        nextHops.ifPresent(known -> known.release(path));
    }

    /** Milliseconds of the monotonic clock that the datapath and the control loop share. */
    public static long now() {
        return System.nanoTime() / 1_000_000;
    }

    RoutingTable<WorkerTunnel> routes() {
        return routes;
    }

    CallTable calls() {
        return calls;
    }

    DatapathPolicy policy() {
        return policy;
    }

    /** Replaces the server-wide rules, from the next packet on. */
    public void policy(DatapathPolicy newPolicy) {
        policy = newPolicy;
    }

    /** Takes the addresses that this host has from now on, which clients reach only as far as the policy opens them. */
    public void localAddresses(LocalAddresses changed) {
        localAddresses = changed;
    }

    LocalAddresses localAddresses() {
        return localAddresses;
    }

    /** Whether a tunnel has its end at the address with these 32 bits. */
    boolean isTunnelEnd(int address) {
        return tunnelEndSet.contains(address);
    }

    private void countTunnelEnd(Ipv4Address end, int change) {
        synchronized (tunnelEnds) {
            boolean known = tunnelEnds.containsKey(end);
            tunnelEnds.merge(end, change, (count, more) -> count + more == 0 ? null : count + more);
            if (known != tunnelEnds.containsKey(end)) {
                tunnelEndSet = new AddressSet(tunnelEnds.keySet());
            }
        }
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
        WorkerTunnel tunnel = new WorkerTunnel(this, spec, callId, worker, pathTo(spec), window, listener);
        calls.put(tunnel);
        countTunnelEnd(spec.local(), 1);
        return Optional.of(tunnel);
    }

    private int freeCallId() {
        for (int i = 0; i < MAX_CALL_ID_TRIES; i++) {
            int callId = random.nextInt(1, CallTable.capacity() + 1);
            if (!calls.contains(callId)) {
                return callId;
            }
        }
        return 0;
    }

    /**
     * Calls a tunnel's listener on the control loop; false, without calling, when it has too many calls waiting. For
     * workers.
     */
    boolean onControlLoop(WorkerTunnel tunnel, Consumer<TunnelListener> call) {
        if (!tunnel.tryEnqueueFrame()) {
            return false;
        }
        controlLoop.execute(() -> {
            try {
                call.accept(tunnel.listener());
            } finally {
                tunnel.frameHandled();
            }
        });
        return true;
    }

    long randomSeed() {
        return random.nextLong();
    }

    int randomIdentification() {
        return random.nextInt();
    }

    /** Packets dropped for this cause so far, by all workers. */
    public long drops(DropCause cause) {
        long sum = 0;
        for (Worker worker : workers) {
            sum += worker.drops().get(cause);
            switch (cause) {
                case RECEIVE_QUEUE_FULL -> sum += worker.kernelDrops();
                case SEND_FAILED -> sum += worker.sendFailures();
                case TUN_WRITE_FAILED -> sum += worker.tunFailures();
                default -> {
                }
            }
        }
        return sum;
    }

    /** A counter of all tunnels together, past ones included. */
    public long total(ToLongFunction<TrafficCounters> counter) {
        long sum = 0;
        for (Worker worker : workers) {
            sum += counter.applyAsLong(worker.traffic());
        }
        return sum;
    }

    /** GRE packets that left this way so far. */
    public long sent(SendingPath path) {
        return workers.stream().map(Worker::sender).mapToLong(sender -> switch (path) {
            case PACKET_SOCKET -> sender.sentDirectly();
            case RAW_SOCKET -> sender.sent() - sender.sentDirectly();
        }).sum();
    }

    /** What keeps packets, to all peers or to some, from packet sockets now. For any thread. */
    public List<PacketSocketObstacle> packetSocketObstacles() {
        List<PacketSocketObstacle> all = new ArrayList<>(lastingObstacles);
        nextHops.ifPresent(known -> all.addAll(known.obstacles()));
        return all;
    }

    /** Whether all workers run. */
    public boolean isRunning() {
        return threads.stream().allMatch(Thread::isAlive);
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
