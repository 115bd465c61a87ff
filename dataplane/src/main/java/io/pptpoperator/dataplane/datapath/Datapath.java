package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.address.Ipv4Prefix;
import io.pptpoperator.dataplane.gre.ReceiveWindow;
import io.pptpoperator.dataplane.gre.ReorderSlab;
import io.pptpoperator.dataplane.ip.RoutingTable;
import io.pptpoperator.dataplane.linux.GreFilter;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.mppe.MppeDecryptor;
import io.pptpoperator.dataplane.mppe.MppeEncryptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Moves packets between one TUN device and the GRE of all clients, with one worker thread per TUN queue. A tunnel
 * belongs to the worker that its Call ID names. Its methods are for the control loop, but for the counters.
 */
public final class Datapath implements AutoCloseable {
    private static final int SOCKET_BUFFER_BYTES = 8 << 20;
    private static final int REORDER_SLOTS = 4_096;
    private static final int REORDER_SLOT_BYTES = 1_600;
    private static final int MAX_CALL_ID_TRIES = 1_000;

    private final CallTable calls = new CallTable();
    private final RoutingTable<Tunnel> routes = new RoutingTable<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Executor controlLoop;
    private final RandomGenerator random;
    private volatile DatapathPolicy policy;

    /**
     * Opens the GRE sockets and starts the workers.
     *
     * @param tun the device; stays the caller's, and must be closed after this
     * @param controlLoop where tunnels' listeners are called
     * @param random chooses Call IDs
     * @param onFailure told when a worker has died, which no input must cause
     * @throws LinuxException when a socket cannot be opened
     */
    public Datapath(TunDevice tun, DatapathPolicy policy, Executor controlLoop, RandomGenerator random,
            Thread.UncaughtExceptionHandler onFailure) {
        this.policy = policy;
        this.controlLoop = controlLoop;
        this.random = random;
        int count = tun.queues().size();
        for (int i = 0; i < count; i++) {
            RawGreSocket socket = RawGreSocket.open(SOCKET_BUFFER_BYTES,
                    Optional.of(GreFilter.forWorker(i, count)));
            workers.add(new Worker(i, this, socket, tun,
                    new ReorderSlab(REORDER_SLOTS, REORDER_SLOT_BYTES)));
        }
        for (Worker worker : workers) {
            worker.linkTo(workers);
        }
        for (Worker worker : workers) {
            Thread thread = Thread.ofPlatform().name("datapath-" + worker.index())
                    .uncaughtExceptionHandler(onFailure).unstarted(worker);
            threads.add(thread);
            thread.start();
        }
    }

    /** Milliseconds of the monotonic clock that the datapath and the control loop share. */
    public static long now() {
        return System.nanoTime() / 1_000_000;
    }

    RoutingTable<Tunnel> routes() {
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

    /**
     * Opens a tunnel under a random free Call ID. From here on its GRE is taken, and nothing but control frames passes.
     *
     * @return the tunnel, or empty when no Call ID is free
     */
    public Optional<Tunnel> open(TunnelSpec spec, TunnelListener listener) {
        int callId = freeCallId();
        if (callId == 0) {
            return Optional.empty();
        }
        Worker worker = workers.get(callId % workers.size());
        ReceiveWindow window = new ReceiveWindow(worker.slab(), spec.reorderPackets(), spec.reorderDelay());
        Tunnel tunnel = new Tunnel(spec, callId, worker, window, listener);
        calls.put(tunnel);
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

    /** Sends a PPP frame that is complete from its address field on. */
    public void send(Tunnel tunnel, byte[] frame) {
        Worker worker = tunnel.worker();
        worker.execute(() -> worker.sender().sendFrame(tunnel, frame, now()));
    }

    /** How data frames to the client may be shortened, as its LCP options allow (RFC 1661 sections 6.5 and 6.6). */
    public void compressHeaders(Tunnel tunnel, boolean addressAndControl, boolean protocol) {
        tunnel.worker().execute(() -> {
            tunnel.compressAddress = addressAndControl;
            tunnel.compressProtocol = protocol;
        });
    }

    /** Starts encryption with fresh keys; either may be null for a direction that stays in clear. */
    public void encrypt(Tunnel tunnel, MppeEncryptor encryptor, MppeDecryptor decryptor) {
        tunnel.worker().execute(() -> {
            tunnel.encryptor = encryptor;
            tunnel.decryptor = decryptor;
        });
    }

    /** Answers the peer's CCP Reset-Request: the next packet starts its stream anew. */
    public void resetEncryption(Tunnel tunnel) {
        tunnel.worker().execute(() -> {
            if (tunnel.encryptor != null) {
                tunnel.encryptor.reset(tunnel.decryptor != null && tunnel.decryptor.peerChangesKeyOnFlush());
            }
        });
    }

    /** Lets IP pass, from the next packet on. */
    public void openNetwork(Tunnel tunnel, TunnelNetwork network) {
        closeNetwork(tunnel);
        tunnel.network(network);
        routes.put(new Ipv4Prefix(network.clientAddress(), 32), tunnel);
        network.routes().forEach(route -> routes.put(route, tunnel));
    }

    /** Lets no IP pass any more. Routes that a newer session has taken over stay its own. */
    public void closeNetwork(Tunnel tunnel) {
        TunnelNetwork network = tunnel.network();
        if (network != null) {
            tunnel.network(null);
            routes.remove(new Ipv4Prefix(network.clientAddress(), 32), tunnel);
            network.routes().forEach(route -> routes.remove(route, tunnel));
        }
    }

    /** Closes a tunnel once what was sent before has left, and frees its Call ID. */
    public void close(Tunnel tunnel) {
        closeNetwork(tunnel);
        tunnel.worker().execute(() -> {
            tunnel.closed = true;
            tunnel.window.close();
            calls.remove(tunnel);
        });
    }

    /**
     * Calls a tunnel's listener on the control loop; false, without calling, when it has too many calls waiting. For
     * workers.
     */
    boolean onControlLoop(Tunnel tunnel, Consumer<TunnelListener> call) {
        if (!tunnel.tryEnqueueFrame()) {
            return false;
        }
        controlLoop.execute(() -> {
            tunnel.frameHandled();
            call.accept(tunnel.listener());
        });
        return true;
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

    /** Packets that the kernel dropped because no worker came for them in time. */
    public long kernelDrops() {
        return workers.stream().mapToLong(Worker::kernelDrops).sum();
    }

    /** Whether all workers run. */
    public boolean isRunning() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    /** Sends what is queued, stops the workers and closes the sockets. */
    @Override
    public void close() {
        workers.forEach(Worker::stop);
        for (Thread thread : threads) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        workers.forEach(Worker::close);
    }
}
